import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Changes } from '#faults/crash/changes.js';
import { explore } from '#faults/crash/explore.js';
import { imageAfter } from '#faults/crash/image.js';
import { load, type Recording, record } from '#faults/crash/recording.js';
import { shortScenario } from '#faults/crash/scenario.js';
import type { Entry, Happened } from '#faults/file-system/journal.js';
import { Random } from '#faults/random.js';
import { crashImages } from '#faults/rows/crash-images.js';
import { scratch } from '#faults/scratch.js';

/** A file written beside, synced or not, and renamed over the one that was there. */
function replaced(isSynced: boolean): Entry[] {
  const told: Happened[] = [
    { op: 'put', path: '/r/file', data: Buffer.from('old').toString('base64') },
    { op: 'open', fd: 3, path: '/r/new', created: true, truncated: false, append: false },
    { op: 'write', fd: 3, at: null, length: 5, data: Buffer.from('newer').toString('base64') },
    ...(isSynced
      ? ([
          { op: 'syncing', fd: 3, path: '/r/new' },
          { op: 'synced', fd: 3, path: '/r/new' },
        ] as const)
      : []),
    { op: 'rename', from: '/r/new', to: '/r/file' },
  ];
  return told.map((happened) => ({ ...happened, pid: 1 }));
}

/** What a crash in the end can leave under the name. */
function outcomes(journal: Entry[], ordered: boolean): Set<string> {
  const changes = new Changes('/r', journal);
  const found = new Set<string>();
  for (let seed = 0; seed < 60; seed++) {
    const crash = { point: journal.length, style: 'some of each', ordered } as const;
    found.add(String(imageAfter(changes, crash, new Random(seed)).entries.get('file')));
  }
  return found;
}

describe('what a crash leaves of a replaced file', () => {
  test('is old or new when its bytes were synced before the rename', () => {
    expect(outcomes(replaced(true), false)).toEqual(new Set(['old', 'newer']));
  });

  test('can be less when they were not', () => {
    const found = outcomes(replaced(false), false);
    expect(found).toContain('old');
    expect(found).toContain('');
    expect(found).toContain('new\0\0');
  });

  test('is old or new where the file system writes bytes before renames', () => {
    expect(outcomes(replaced(false), true)).toEqual(new Set(['old', 'newer']));
  });
});

describe('of a recorded add, killed add and checkout', () => {
  const folder = scratch('dvs-test-recording-');
  let recording: Recording;
  beforeAll(async () => {
    await record(folder, shortScenario(new Random(3)));
    recording = await load(folder);
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const expedition = { seed: 3, first: 40, step: 40, random: 2, workOnOneIn: 10 };

  test('every image is as it should be', async () => {
    const { failures, images } = await explore(recording, expedition);
    expect(failures).toEqual([]);
    expect(images).toBeGreaterThan(20);
  }, 120_000);

  test.each(['.pack', '/.dvs/packs', '/.dvs/log'])(
    'an fsync of %s that is left out is found',
    async (path) => {
      const journal = recording.journal.map((entry): Entry => {
        const isLeftOut = entry.op === 'synced' && entry.path.endsWith(path);
        return isLeftOut ? { op: 'begin', command: 'nothing', pid: 0 } : entry;
      });
      const [first] = recording.journal.flatMap((entry) => (entry.op === 'mkdir' ? [entry.path] : []));
      const changes = new Changes(String(first).replace(/\/\.dvs$/, ''), journal);
      const last = recording.journal.length;
      const { failures } = await explore({ ...recording, journal, changes }, { ...expedition, first: last });
      expect(failures.length).toBeGreaterThan(0);
    },
    60_000,
  );
});

test('the row runs', async () => {
  const { failures, counts } = await crashImages.run({ scale: 0.004, seed: 11, report() {} });
  expect(failures).toEqual([]);
  expect(counts['images']).toBeGreaterThan(0);
  expect(counts['crash points']).toBeGreaterThan(0);
}, 120_000);
