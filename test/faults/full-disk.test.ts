import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dvsOk } from '#faults/dvs.js';
import { filesIn } from '#faults/files.js';
import { makeTemplate, tryAdd, tryCheckout } from '#faults/full-disk/small-disk.js';
import { whyNoMounts } from '#faults/mount.js';
import { fullDisk } from '#faults/rows/full-disk.js';
import { noise } from '../support/bytes.js';
import { write } from '../support/repository.js';
import { tempDir } from '../support/tmp.js';

describe.skipIf(whyNoMounts() !== undefined)('full disks (skipped where nothing can be mounted)', () => {
  test('a sample of the sizes', { timeout: 90_000 }, async () => {
    const { counts, failures } = await fullDisk.run({ scale: 0.01, seed: 3, report() {} });
    expect(failures).toEqual([]);
    expect(counts).toMatchObject({ sizes: 2, 'adds without room': 2, 'checkouts without room': 2 });
  });

  test('files that are not those that were added are reported', { timeout: 60_000 }, async () => {
    const root = await tempDir();
    const disk = await tempDir();
    await dvsOk(root, ['init', '-q']);
    write(root, { 'big/a': noise(100_000, 1), 'big/b': noise(100_000, 2) });
    const id = (await dvsOk(root, ['add', 'big', '-q'])).trim();
    const folder = join(root, 'big');
    const right = { folder, files: filesIn(folder), id };
    const wrong = { ...right, files: new Map([...right.files, ['b', '00']]) };
    expect(await tryCheckout(root, disk, 128, right)).toEqual({ wasFull: true, failures: [] });
    expect((await tryCheckout(root, disk, 4_000, wrong)).failures).toEqual([
      'checkout left b, which is not whole',
      'the second checkout did not bring b',
    ]);
    const template = await tempDir();
    const start = { root: template, id: await makeTemplate(template) };
    expect((await tryAdd(start, disk, 100, wrong)).failures).toEqual(['b is not as added']);
  });
});
