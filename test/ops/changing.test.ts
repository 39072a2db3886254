import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { describe, expect, onTestFinished, test } from 'vitest';
import { digestOf } from '#src/id/cid.js';
import { SLOT_DATA } from '#src/workers/slots.js';
import { noise } from '../support/bytes.js';
import { tempDir } from '../support/tmp.js';
import { ingest, localStore, restored, source } from './support.js';

/** A thread that keeps doing `act` to the file until the test ends; `fs` and `path` are in its scope. */
async function disturb(path: string, act: string): Promise<void> {
  const code = `
    const fs = require('node:fs');
    const { workerData: path, parentPort } = require('node:worker_threads');
    const fd = fs.openSync(path, 'r+');
    let round = 0;
    parentPort.postMessage('ready');
    for (;;) { round++; ${act} }`;
  const worker = new Worker(code, { eval: true, workerData: path });
  onTestFinished(async () => {
    await worker.terminate();
  });
  await new Promise((resolve) => worker.once('message', resolve));
}

describe('a file that is written to all the time', () => {
  test.each([
    ['a small one, appended to', 1_000_000, "fs.appendFileSync(path, 'x');"],
    [
      'a large one, overwritten in place',
      SLOT_DATA + 1_000,
      'fs.writeSync(fd, String(round), round % 4000000);',
    ],
    ['a large one, cut and grown', SLOT_DATA + 1_000, 'fs.ftruncateSync(fd, 4200000 + round % 100000);'],
  ])('%s: E_CHANGED names it, and nothing is recorded', async (_, size, act) => {
    const folder = await tempDir();
    const store = await localStore();
    for (const name of ['busy', 'quiet']) writeFileSync(join(folder, name), noise(size, 1));
    await disturb(join(folder, 'busy'), act);
    // On a busy machine the thread may stand still while all is read, which is then as good as any other time.
    let error: unknown;
    for (let attempt = 0; attempt < 20 && error === undefined; attempt++) {
      const sources = ['busy', 'quiet'].map((name) => source(join(folder, name)));
      error = await ingest(store, sources).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error !== undefined) expect(await store.log.head()).toBe(attempt);
    }
    expect(error).toMatchObject({ code: 'E_CHANGED', about: ['busy'] });
  });
});

test('a file that changes now and then is stored as it was at one time, or not at all', async () => {
  const folder = await tempDir();
  const store = await localStore();
  const size = SLOT_DATA + 500_000;
  const path = join(folder, 'f');
  for (let round = 0; round < 4; round++) {
    writeFileSync(path, noise(size, round));
    const file = source(path);
    const change = sleep(5 + 10 * round).then(() => writeFileSync(path, noise(size, 100 + round)));
    const { files } = await ingest(store, [file]);
    await change;
    const [taken] = files;
    if (taken?.entry.type !== 'file') throw new Error('not taken in');
    const { bytes } = await restored(store, taken);
    const digest = createHash('sha256').update(bytes).digest();
    expect(digest.equals(digestOf(taken.entry.id))).toBe(true);
    expect([noise(size, round), noise(size, 100 + round)].some((version) => version.equals(bytes))).toBe(
      true,
    );
  }
});
