import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { compareUtf8, hex } from '#src/base/bytes.js';
import { type DatasetEntry, datasetSchema } from '#src/entities/dataset.js';
import { parseEntity } from '#src/entities/kinds.js';
import { encodeMembers, parseMembers } from '#src/entities/members.js';
import { encodePermutation, parsePermutation } from '#src/entities/permutation.js';
import { encodeSamples, parseSamples } from '#src/entities/samples.js';
import { encodeSplit, parseSplit } from '#src/entities/split.js';
import { CID, contentId, nodeId } from '#src/id/cid.js';
import { decode, encode, isMap, type Value } from '#src/id/codec.js';
import { encodeDefinition, parseDefinition } from '#src/ops/samples/definition.js';
import { parseRecipe } from '#src/ops/split/methods.js';
import { buildTree } from '#src/tree/build.js';
import { decodeNode } from '#src/tree/node.js';
import type { Entry } from '#src/tree/schema.js';
import { endsNode, searchKey, steepKeys } from '../tree/support.js';

/*
 * The values in fixtures/format were computed by check.py there, a second implementation in another
 * language. They are frozen: if a test here fails, the code is wrong, or every ID in the world changes.
 */
const FORMAT = new URL('../../fixtures/format/', import.meta.url);

interface NodeFixture {
  readonly value: unknown;
  readonly hex: string;
  readonly id: string;
}
interface TreeFixture {
  readonly root: string;
  readonly level: number;
  readonly count: number;
  readonly bytes: number;
  readonly nodes: readonly number[];
}

// Our own files: their shape is what check.py writes, and a wrong one fails the comparisons below.
const read = <T>(name: string): Record<string, T> => JSON.parse(readFileSync(new URL(name, FORMAT), 'utf8'));
const contents = read<{ bytes: number; id: string }>('contents.json');
const nodes = read<NodeFixture>('nodes.json');
const trees = read<TreeFixture>('trees.json');

const CONTENTS: Record<string, Uint8Array> = {
  empty: new Uint8Array(),
  abc: Buffer.from('abc'),
  pattern: Uint8Array.from({ length: 2 ** 20 }, (_, i) => (i * 7 + (i >> 8)) & 255),
};

const digits = (i: number, width = 5): string => String(i).padStart(width, '0');
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

function file(key: string, content: string): Entry<DatasetEntry> {
  const bytes = Buffer.from(content);
  return { key, value: { type: 'file', id: contentId(bytes), size: bytes.length } };
}

function mixed(i: number): Entry<DatasetEntry> {
  const paths = [
    `plain/${digits(i)}.jpg`,
    `ünïcödé/${i % 10}/${digits(i)}`,
    `order/${String.fromCodePoint(0x10000 + i)}`,
    `order/${String.fromCodePoint(0xe000 + i)}`,
    `long/${`${'x'.repeat(250)}/`.repeat(i % 16)}${digits(i)}`,
  ];
  const path = paths[i % 5] ?? '';
  if (i % 11 === 5) return { key: path, value: { type: 'link', target: '../plain/00000.jpg' } };
  return file(path, digits(i).repeat(i % 7));
}

/** What is read from a node and written again, of those kinds that have a function for that. */
const AGAIN: Record<string, (value: Value) => { readonly id: CID; readonly bytes: Uint8Array }> = {
  samples: (value) => encodeSamples(parseSamples(value)),
  members: (value) => encodeMembers(parseMembers(value)),
  split: (value) => encodeSplit(parseSplit(value)),
  permutation: (value) => encodePermutation(parsePermutation(value)),
};

const isFlat = (key: string): boolean => !endsNode(0, key) && !endsNode(1, key);

const TREES: Record<string, () => Entry<DatasetEntry>[]> = {
  empty: () => [],
  plain: () =>
    range(20_000).map((i) => file(`data/${digits(Math.floor(i / 100), 3)}/${digits(i)}.txt`, String(i))),
  mixed: () => range(5000).map(mixed),
  steep: () => steepKeys(256).map((key) => file(key, '')),
  flat: () => range(2049).map((i) => file(searchKey(digits(i), isFlat), 'x')),
};

describe('the frozen formats', () => {
  test.each(Object.entries(contents))('give the content %s its ID', (name, { bytes, id }) => {
    const content = CONTENTS[name] ?? expect.fail(`no content ${name}`);
    expect([content.length, contentId(content).toString()]).toEqual([bytes, id]);
  });

  test.each(Object.entries(nodes))('give the node %s its bytes and ID', (_, fixture) => {
    const bytes = Buffer.from(fixture.hex, 'hex');
    expect(asJson(decode(bytes))).toEqual(fixture.value);
    expect(hex(encode(decode(bytes)))).toBe(fixture.hex);
    expect(nodeId(bytes).toString()).toBe(fixture.id);
    const entity = parseEntity(bytes);
    expect(entity.known).toBe(true);
    const again = AGAIN[entity.kind]?.(entity.value);
    if (again === undefined) return;
    expect(hex(again.bytes)).toBe(fixture.hex);
    expect(again.id.toString()).toBe(fixture.id);
  });

  test('have vectors of every kind that is written whole', () => {
    const kinds = new Set(Object.values(nodes).map(({ hex }) => parseEntity(Buffer.from(hex, 'hex')).kind));
    expect(Object.keys(AGAIN).filter((kind) => !kinds.has(kind))).toEqual([]);
  });

  test('hold options and methods that are read as what they were written from', () => {
    for (const { hex } of Object.values(nodes)) {
      const { kind, value } = parseEntity(Buffer.from(hex, 'hex'));
      if (kind === 'samples') {
        const { reader } = parseSamples(value);
        expect(encodeDefinition(parseDefinition(reader))).toEqual(reader);
      }
      if (kind === 'split') {
        const { method } = parseSplit(value);
        expect(parseRecipe(method)?.value).toEqual(method);
      }
    }
  });

  test.each(Object.entries(trees))('give the tree %s its root', async (name, expected) => {
    const list = TREES[name] ?? expect.fail(`no tree ${name}`);
    const entries = list().sort((a, b) => compareUtf8(a.key, b.key));
    const nodesByLevel: number[] = [];
    const { id, level, count, bytes } = await buildTree(datasetSchema, entries, (_, node) => {
      const at = decodeNode(datasetSchema, node).level;
      nodesByLevel[at] = (nodesByLevel[at] ?? 0) + 1;
    });
    expect({ root: id.toString(), level, count, bytes, nodes: nodesByLevel }).toEqual(expected);
  });

  const python = spawnSync('python3', ['--version']).status === 0;
  test.skipIf(!python)('are those that check.py computes (skipped where there is no python3)', () => {
    const { status, stderr } = spawnSync('python3', [fileURLToPath(new URL('check.py', FORMAT))], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  });
});

/** As JSON, with links the way DAG-JSON writes them. */
function asJson(value: Value): unknown {
  if (value instanceof CID) return { '/': value.toString() };
  if (Array.isArray(value)) return value.map(asJson);
  if (isMap(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asJson(item)]));
  return value;
}
