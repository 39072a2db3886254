import { lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { moveIntoPlace } from '#src/ops/checkout/place.js';
import { removeFiles } from '#src/ops/checkout/remove.js';
import { fileStat } from '#src/workspace/file-stat.js';
import { codeOf } from '../support/errors.js';
import { tempDir } from '../support/tmp.js';

const statOf = (path: string) => fileStat(lstatSync(path, { bigint: true }));

/** A finished file at `staged`, to be moved to `place`. */
async function finished(): Promise<{ root: string; staged: string; place: string }> {
  const root = await tempDir();
  const [staged, place] = [join(root, 'staged'), join(root, 'place')];
  writeFileSync(staged, 'new');
  return { root, staged, place };
}

describe('a finished file gets its name', () => {
  test('where nothing is', async () => {
    const { staged, place } = await finished();
    moveIntoPlace(staged, place, undefined);
    expect(readFileSync(place, 'utf8')).toBe('new');
  });

  test('in place of a file that is still what it was', async () => {
    const { staged, place } = await finished();
    writeFileSync(place, 'old');
    moveIntoPlace(staged, place, statOf(place));
    expect(readFileSync(place, 'utf8')).toBe('new');
  });

  test('not in place of one that came since', async () => {
    const { staged, place } = await finished();
    writeFileSync(place, 'precious');
    expect(await codeOf(() => moveIntoPlace(staged, place, undefined))).toBe('E_CHANGED');
    expect(readFileSync(place, 'utf8')).toBe('precious');
  });

  test('not in place of one that was changed since', async () => {
    const { staged, place } = await finished();
    writeFileSync(place, 'old');
    const before = statOf(place);
    writeFileSync(place, 'precious');
    expect(await codeOf(() => moveIntoPlace(staged, place, before))).toBe('E_CHANGED');
    expect(readFileSync(place, 'utf8')).toBe('precious');
  });

  test('where there are only empty folders', async () => {
    const { staged, place } = await finished();
    mkdirSync(join(place, 'a', 'b'), { recursive: true });
    moveIntoPlace(staged, place, undefined);
    expect(readFileSync(place, 'utf8')).toBe('new');
  });
});

test('a file that was changed since it was looked at is not removed', async () => {
  const { root, place } = await finished();
  writeFileSync(place, 'old');
  const entry = { type: 'link', target: 'unused' } as const;
  const item = { path: 'place', entry, stat: statOf(place) };
  writeFileSync(place, 'precious');
  expect(await codeOf(() => removeFiles(root, [item]))).toBe('E_CHANGED');
  expect(readFileSync(place, 'utf8')).toBe('precious');
});
