import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { compareUtf8 } from '#src/base/bytes.js';
import { Scratch } from '#src/base/scratch.js';
import { Spill } from '#src/base/spill.js';
import { type DatasetEntry, datasetSchema } from '#src/entities/dataset.js';
import { contentId } from '#src/id/cid.js';
import { classify } from '#src/ops/diff/diff.js';
import { type OneSided, oneSided } from '#src/ops/diff/records.js';
import { pairRenames } from '#src/ops/diff/renames.js';
import { tempDir } from '../support/tmp.js';

const file = (text: string): DatasetEntry => ({
  type: 'file',
  id: contentId(Buffer.from(text)),
  size: text.length,
});

async function openScratch(): Promise<Scratch> {
  const scratch = new Scratch(join(await tempDir(), 'tmp'));
  onTestFinished(() => scratch.close());
  return scratch;
}

const texts = fc.constantFrom('', 'a', 'b', 'c', 'a longer one');
const entry = fc.oneof(
  texts.map(file),
  fc.constantFrom('x', 'y/ü').map((target): DatasetEntry => ({ type: 'link', target })),
);
const dataset = fc.dictionary(fc.constantFrom('p', 'p!', 'q/r', 'q/ä', '🎉', '\ufffd', 's', 't', 'u'), entry);

test('what differs, and what was renamed: the first that is gone with the first that came', async () => {
  const scratch = await openScratch();
  await fc.assert(
    fc.asyncProperty(dataset, dataset, async (before, after) => {
      const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort(compareUtf8);
      const changes = keys.flatMap((key) => {
        const [old, now] = [before[key], after[key]];
        if (old !== undefined && now !== undefined && datasetSchema.equal(old, now)) return [];
        return [{ key, ...(old && { before: old }), ...(now && { after: now }) }];
      });
      const found = await classify(changes, scratch);
      const gone = changes.filter((change) => change.after === undefined);
      const renamed: { path: string; from: string }[] = [];
      for (const change of changes) {
        if (change.before !== undefined || change.after?.type !== 'file' || change.after.size === 0) continue;
        const { after: now } = change;
        const at = gone.findIndex(({ before: old }) => old !== undefined && datasetSchema.equal(old, now));
        const [source] = at < 0 ? [] : gone.splice(at, 1);
        if (source !== undefined) renamed.push({ path: change.key, from: source.key });
      }
      expect(Array.from(found.renamed, ({ path, from }) => ({ path, from }))).toEqual(renamed);
      expect(Array.from(found.removed, ({ path }) => path)).toEqual(gone.map(({ key }) => key));
      const modified = changes.flatMap(({ key, before: old, after: now }) =>
        old && now ? [{ path: key, before: old, after: now }] : [],
      );
      // As JSON, in which an ID is its text.
      expect(JSON.stringify([...found.modified])).toBe(JSON.stringify(modified));
      const came = changes.filter((change) => change.before === undefined).map(({ key }) => key);
      const still = came.filter((path) => !renamed.some((one) => one.path === path));
      expect(Array.from(found.added, ({ path }) => path)).toEqual(still);
      for (const list of [found.added, found.removed, found.modified, found.renamed]) {
        expect([...list]).toHaveLength(list.length);
      }
    }),
  );
});

test('renames are the same in how many shares they are found', async () => {
  const scratch = await openScratch();
  const [removed, added] = [new Spill<OneSided>(scratch, oneSided), new Spill<OneSided>(scratch, oneSided)];
  for (let i = 0; i < 2000; i++) {
    removed.add({ path: `old/${i}`, entry: file(`content ${i % 1500}`) });
    added.add({ path: `new/${i}`, entry: file(`content ${(i * 7) % 2000}`) });
  }
  const whole = pairRenames(added, removed);
  expect(whole.count).toBe(1500);
  expect(pairRenames(added, removed, 100)).toEqual(whole);
});
