import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { compareUtf8 } from '#src/base/bytes.js';
import { Scratch } from '#src/base/scratch.js';
import { type DatasetEntry, datasetSchema } from '#src/entities/dataset.js';
import { contentId } from '#src/id/cid.js';
import { type Compared, compared, type Present } from '#src/ops/checkout/compare.js';
import { CheckoutPlan } from '#src/ops/checkout/plan.js';
import { planned } from '#src/ops/checkout/planned.js';
import { removeFiles } from '#src/ops/checkout/remove.js';
import { all, read } from '../support/repository.js';
import { tempDir } from '../support/tmp.js';

const file = (text: string): DatasetEntry => ({
  type: 'file',
  id: contentId(Buffer.from(text)),
  size: text.length,
});
const stat = { size: 1, mtimeNs: 7n, ctimeNs: 8n, ino: 9n };

/** Paths of which none is beneath another, as files on disk and in a dataset are. */
const tree = fc
  .dictionary(
    fc.constantFrom('a', 'a!', 'a/b', 'a/b/c', 'a/b!', 'a0', 'ab', 'ab/c', 'b'),
    fc.integer({ min: 0, max: 1 }),
  )
  .map((files) =>
    Object.entries(files)
      .filter(([path]) => !Object.keys(files).some((other) => path.startsWith(`${other}/`)))
      .sort(([a], [b]) => compareUtf8(a, b)),
  );

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

function isBeneath(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

test('a plan has what a look at whole lists finds', async () => {
  const scratch = new Scratch(join(await tempDir(), 'tmp'));
  onTestFinished(() => scratch.close());
  await fc.assert(
    fc.asyncProperty(tree, tree, fc.func(fc.boolean()), async (there, wanted, mayGo) => {
      const present = there.map(([path, n]): Present => ({ path, entry: file(`${n}`), stat }));
      const wants = wanted.map(([path, n]) => ({ path, entry: file(`${n}`) }));
      const items: Compared[] = await all(compared(each(present), each(wants)));
      const plan = new CheckoutPlan(scratch);
      for (const item of items) plan.add(item, mayGo(item.path));
      const paths = (list: Iterable<{ path: string }>) => Array.from(list, ({ path }) => path);

      const write = wants.filter(({ path, entry }) => {
        const now = present.find((one) => one.path === path);
        return now === undefined || !datasetSchema.equal(now.entry, entry);
      });
      const extra = paths(present).filter((path) => !wants.some((want) => want.path === path));
      const isObstacle = (path: string) =>
        write.some((one) => isBeneath(one.path, path) || isBeneath(path, one.path));
      const blocking = extra.filter((path) => !mayGo(path) && isObstacle(path));
      const lost = paths(write).filter((path) => paths(present).includes(path) && !mayGo(path));
      const remove = extra.filter((path) => mayGo(path) || isObstacle(path));

      expect(paths(plan.write)).toEqual(paths(write));
      expect(paths(plan.remove)).toEqual(remove);
      expect(paths(plan.left)).toEqual(extra.filter((path) => !remove.includes(path)));
      expect(plan.endangered).toEqual({
        count: lost.length + blocking.length,
        paths: [...lost, ...blocking],
      });
      for (const list of [plan.same, plan.write, plan.remove, plan.left, plan.remaining]) {
        expect([...list]).toHaveLength(list.length);
      }
      expect(plan.same.length + plan.write.length).toBe(wants.length);
    }),
    { numRuns: 500 },
  );
});

describe('what is planned comes back', () => {
  const times = [0n, -1n, 1_700_000_000_123_456_789n, 20_000_000_000n * 1_000_000_000n + 5n, -(2n ** 63n)];
  test.each(times)('with the time %d', (time) => {
    const item = { path: 'ä/🎉', entry: { type: 'link', target: '../ü' }, fate: 'write' } as const;
    const room = Buffer.alloc(planned.maxLength);
    for (const there of [undefined, 'anything', { ...stat, mtimeNs: time, ctimeNs: -time }] as const) {
      const end = planned.put(room, 0, { ...item, stat: there });
      expect(planned.take(room.subarray(0, end))).toEqual({ ...item, stat: there });
    }
  });
});

test('folders that became empty go with their files, and no others', async () => {
  const root = await tempDir();
  const paths = ['a!/x', 'a/b/c/d', 'a/b/c/e', 'a/b/f', 'a/kept', 'g/h', 'z'];
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '');
  }
  mkdirSync(join(root, 'empty'));
  removeFiles(
    root,
    paths.filter((path) => path !== 'a/kept').map((path) => ({ path, stat: 'anything' })),
  );
  expect(read(root)).toEqual({ 'a/kept': '', empty: undefined });
  expect(readdirSync(root)).toEqual(['a', 'empty']);
});
