import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type MembersNode, parseMembers } from '#src/entities/members.js';
import { type CID, contentId } from '#src/id/cid.js';
import { decode } from '#src/id/codec.js';
import { Members } from '#src/ops/members/members.js';
import { PartsBuilder } from '#src/ops/members/parts-builder.js';

/** What fixtures/format/check.py computed, in another language: frozen. */
interface MembersFixture {
  readonly bits: number;
  readonly members: readonly number[];
  readonly count: number;
  readonly root: string;
  readonly level: number;
  /** How many there are of each level, from the lowest. */
  readonly nodes: readonly number[];
  /** Of the root. */
  readonly bytes: number;
  /** The IDs of those that differ. */
  readonly segments: readonly string[];
}

const FIXTURES: Record<string, MembersFixture> = JSON.parse(
  readFileSync(new URL('../../fixtures/format/members.json', import.meta.url), 'utf8'),
);

/** What was written, by the text of its ID. Nodes only count when what they lead to was there before. */
class Written {
  readonly nodes = new Map<string, Uint8Array>();
  readonly contents = new Map<string, Uint8Array>();

  async addContent(bytes: Uint8Array): Promise<CID> {
    const id = contentId(bytes);
    this.contents.set(id.toString(), bytes);
    return id;
  }

  async addNode(id: CID, bytes: Uint8Array): Promise<void> {
    for (const item of parseMembers(decode(bytes)).items) {
      const below = item.id.toString();
      if (!this.nodes.has(below) && !this.contents.has(below)) throw new Error(`${below} is not there`);
    }
    this.nodes.set(id.toString(), bytes);
  }

  async get(id: CID): Promise<Uint8Array> {
    return this.nodes.get(id.toString()) ?? expect.fail('no such node');
  }

  async content(id: CID): Promise<Uint8Array> {
    return this.contents.get(id.toString()) ?? expect.fail('no such segment');
  }

  node(id: string): MembersNode {
    return parseMembers(decode(this.nodes.get(id) ?? expect.fail(`no node ${id}`)));
  }
}

async function build(bits: number, members: readonly number[], written: Written): Promise<CID> {
  const builder = new PartsBuilder(bits, [{ index: 3, isComplement: false }], written);
  const indexes = new Uint16Array(members.length).fill(3);
  await builder.add(Float64Array.from(members), indexes);
  const [root] = await builder.finish();
  return root?.id ?? expect.fail('one part was asked for');
}

describe('members', () => {
  test.each(Object.entries(FIXTURES))(
    'of %s have the bytes and the ID of the vectors',
    async (_, fixture) => {
      const { bits, members, root } = fixture;
      const written = new Written();
      expect((await build(bits, members, written)).toString()).toBe(root);
      const { level, count } = written.node(root);
      const widths: number[] = [];
      const rows = [[root]];
      for (const row of rows) {
        const nodes = row.map((id) => written.node(id));
        widths.unshift(row.length);
        if (nodes.some((node) => node.level > 0))
          rows.push(nodes.flatMap(({ items }) => items.map(({ id }) => id.toString())));
      }
      expect({
        bits,
        members,
        count,
        root,
        level,
        nodes: widths,
        bytes: written.nodes.get(root)?.length,
        segments: [...written.contents.keys()].sort(),
      }).toEqual(fixture);
    },
  );

  test.each(Object.entries(FIXTURES))('of %s are read back', async (_, { bits, members, count }) => {
    const written = new Written();
    const opened = await Members.open(written, await build(bits, members, written));
    expect([opened.total, opened.count]).toEqual([bits, count]);
    const found: number[] = [];
    for await (const numbers of opened.numbers()) found.push(...numbers);
    expect(found).toEqual(members);
    for (const [k, number] of members.entries()) {
      expect([await opened.at(k), await opened.rank(number), await opened.has(number)]).toEqual([
        number,
        k,
        true,
      ]);
    }
    expect(await opened.rank(bits)).toBe(count);
    expect(await opened.has(bits)).toBe(false);
  });
});
