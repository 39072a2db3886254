import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkout } from '#src/flows/checkout.js';
import { read as readContent } from '#src/flows/read.js';
import { verify } from '#src/flows/verify.js';
import { flipped, lines, noise, numbers } from '../support/bytes.js';
import { failure } from '../support/errors.js';
import { addPath, openRepository, read, write } from '../support/repository.js';
import { tempDir } from '../support/tmp.js';

const FILES = {
  'large.bin': noise(5_000_000, 1), // more than a slot: the way of large files
  'middle.bin': noise(400_000, 2), // several chunks
  'small.txt': 'small',
  'text.jsonl': lines(100_000),
};

async function stored() {
  const { repo, root } = await openRepository();
  write(join(root, 'data'), FILES);
  await addPath(repo, 'data');
  const packs = join(root, '.dvs', 'packs');
  const dataPacks = readdirSync(packs).filter((name) => readFileSync(join(packs, name))[9] === 0);
  return { repo, root, packs, dataPacks };
}

/** The path of every file that a checkout wrote, each of which must be exactly right. */
function writtenExactly(dest: string): string[] {
  const found = read(dest);
  for (const [path, content] of Object.entries(found)) {
    if (content === undefined) continue;
    expect(Object.keys(FILES)).toContain(path);
    expect(content).toBe(Buffer.from(FILES[path as keyof typeof FILES]).toString('utf8'));
  }
  return Object.keys(found);
}

describe('a store that lost a pack', () => {
  test('says so (E_MISSING) on reading, and verify lists paths and pack', async () => {
    const { repo, root, packs, dataPacks } = await stored();
    for (const name of dataPacks) rmSync(join(packs, name));
    const dest = join(await tempDir(), 'dest');
    expect(await failure(() => checkout(repo, { reference: 'data', dest, cwd: root }))).toMatchObject({
      code: 'E_MISSING',
    });
    expect(writtenExactly(dest)).toEqual([]);
    for (const reference of [undefined, 'data']) {
      const { missing, damaged } = await verify(repo, reference);
      expect([...damaged]).toEqual([]);
      for (const path of Object.keys(FILES)) {
        expect([...missing].find((problem) => problem.path.endsWith(` ${path}`))).toMatchObject({
          pack: expect.toSatisfy((pack) => dataPacks.includes(String(pack))),
        });
      }
    }
  });
});

describe('a store with damaged packs', () => {
  test('never gives out a wrong byte: checkout and cat fail (E_DAMAGED), verify finds each', async () => {
    const { repo, root, packs, dataPacks } = await stored();
    const next = numbers(7);
    for (let round = 0; round < 12; round++) {
      const name = dataPacks[round % dataPacks.length] ?? '';
      const intact = readFileSync(join(packs, name));
      const bit = next() % (8 * intact.length);
      writeFileSync(join(packs, name), flipped(intact, bit));
      const report = await verify(repo);
      expect([...report.damaged], `bit ${bit} of ${name}`).not.toEqual([]);
      expect([...report.damaged].some(({ pack, path }) => pack === name || path === `packs/${name}`)).toBe(
        true,
      );
      const dest = join(await tempDir(), 'dest');
      try {
        await checkout(repo, { reference: 'data', dest, cwd: root });
      } catch (error) {
        expect(error).toMatchObject({ code: 'E_DAMAGED' });
      }
      writtenExactly(dest);
      writeFileSync(join(packs, name), intact);
    }
    expect([...(await verify(repo)).damaged]).toEqual([]);
  });

  test('cut short, cat gives out what it has checked and then fails', async () => {
    const { repo, packs, dataPacks } = await stored();
    for (const name of dataPacks) {
      const intact = readFileSync(join(packs, name));
      writeFileSync(join(packs, name), intact.subarray(0, intact.length / 2));
    }
    for (const [path, content] of Object.entries(FILES)) {
      const parts: Uint8Array[] = [];
      const error = await (async () => {
        for await (const part of readContent(repo, `data/${path}`)) parts.push(part);
      })().catch((reason: unknown) => reason);
      const got = Buffer.concat(parts);
      expect(got.equals(Buffer.from(content).subarray(0, got.length))).toBe(true);
      if (got.length < content.length) expect(error).toMatchObject({ code: 'E_DAMAGED' });
    }
  });
});

test('cat reads ranges without reading the rest', async () => {
  const { repo } = await stored();
  const whole = FILES['large.bin'];
  const next = numbers(3);
  const ranges = Array.from({ length: 10 }, () => ({
    offset: next() % whole.length,
    length: next() % 200_000,
  }));
  const edges = [
    { offset: 0, length: 0 },
    { offset: whole.length, length: 10 },
    { offset: whole.length - 5, length: 10 },
    { offset: whole.length + 5, length: 1 },
    { offset: 0, length: whole.length },
  ];
  for (const range of [...ranges, ...edges]) {
    const parts: Uint8Array[] = [];
    for await (const part of readContent(repo, 'data/large.bin', range)) parts.push(part);
    expect(Buffer.concat(parts).equals(whole.subarray(range.offset, range.offset + range.length))).toBe(true);
  }
});
