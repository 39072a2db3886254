import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Scratch } from '#src/base/scratch.js';
import { type RecordCodec, Spill } from '#src/base/spill.js';
import { tempDir } from '../support/tmp.js';

const text: RecordCodec<string> = {
  maxLength: 4096,
  put: (target, at, item) => at + target.write(item, at, 'utf8'),
  take: (record) => record.toString('utf8'),
};

async function spill(): Promise<{ list: Spill<string>; scratch: Scratch; folder: string }> {
  const folder = join(await tempDir(), 'tmp');
  const scratch = new Scratch(folder);
  onTestFinished(() => scratch.close());
  return { list: new Spill(scratch, text), scratch, folder };
}

describe('a list that may be long', () => {
  test('gives back what was added, in order and by position', async () => {
    const { list } = await spill();
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 300 })), (items) => {
        list.close();
        const positions = items.map((item) => list.add(item));
        expect(list.length).toBe(items.length);
        expect([...list]).toEqual(items);
        for (const [i, at] of positions.entries()) expect(list.at(at)).toBe(items[i]);
      }),
    );
  });

  test('goes to a file that has no name, and is still the same', async () => {
    const { list, folder } = await spill();
    const item = (i: number) => `${i} ${'x'.repeat(i % 4000)}`;
    const positions = Array.from({ length: 3000 }, (_, i) => list.add(item(i)));
    expect(readdirSync(folder)).toEqual([]);
    let i = 0;
    for (const found of list) expect(found).toBe(item(i++));
    expect(i).toBe(3000);
    for (const at of [2999, 0, 1500, 1499, 2998]) expect(list.at(positions[at] ?? -1)).toBe(item(at));
  });

  test('may be read by two at once, and while it grows', async () => {
    const { list } = await spill();
    for (let i = 0; i < 100_000; i++) list.add(`item ${i}`);
    const [one, two] = [list[Symbol.iterator](), list[Symbol.iterator]()];
    for (let i = 0; i < 100_000; i++) {
      expect(one.next().value).toBe(two.next().value);
      if (i % 1000 === 0) list.add(`item ${list.length}`);
    }
    expect([...one]).toHaveLength(100);
  });

  test('a short one makes neither file nor folder', async () => {
    const { list, folder } = await spill();
    for (let i = 0; i < 1000; i++) list.add(`item ${i}`);
    expect(() => readdirSync(folder)).toThrow('ENOENT');
  });

  test('is gone when its scratch is closed', async () => {
    const { list, scratch } = await spill();
    for (let i = 0; i < 3000; i++) list.add('x'.repeat(4000));
    scratch.close();
    expect(() => [...list]).toThrow();
  });
});
