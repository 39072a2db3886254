import { readdir } from 'node:fs/promises';
import { describeOwner, isOwnerAlive, ownerOf } from '../../../base/owner.js';
import { LOG_START } from '../../../store/log/log.js';
import type { Store } from '../../../store/store.js';
import { type Check, type Finding, note, ok, problem } from '../check.js';

/** Entries at the end of the log that are read; `dvs verify` reads all. */
const ENTRIES = 20;

export const store: Check = {
  name: 'store',
  async *run({ store: opening, workspace }) {
    if (opening === undefined || workspace === undefined) {
      yield note('there is no workspace here', 'Run `dvs init` to make one, or go to one.');
      return;
    }
    const opened = await opening;
    const head = await opened.log.head();
    await opened.catalogue.assertNoHole();
    await readEnd(opened, head);
    yield ok(
      `in ${workspace.storeDir}: ${head === 1 ? '1 commit' : `${head} commits`}, the last ones are intact`,
    );
    yield* catalogue(opened, head);
    for (const folder of new Set([workspace.tmpDir, workspace.spoolDir])) yield* leftovers(folder);
  },
};

/** Reads the last entries of the log: what is not intact or does not follow is an error. */
async function readEnd({ log }: Store, head: number): Promise<void> {
  const from = Math.max(0, head - ENTRIES);
  const hash = from === 0 ? undefined : await log.hashOf(from);
  const position = hash === undefined ? LOG_START : { seq: from, hash };
  for await (const _ of log.after(position)) {
    // Each is checked as it is read.
  }
}

async function* catalogue({ catalogue: index }: Store, head: number): AsyncGenerator<Finding> {
  const state = await index.inspect();
  if (state === undefined) {
    yield note('the index is damaged', 'The next command makes it again; or run `dvs index rebuild` now.');
    return;
  }
  const isLost = state.seq > 0 && (await index.lacksPacks());
  if (isLost) {
    yield problem(
      'packs are missing from the store',
      'Bring them back from a copy of the store. `dvs verify` lists what was in them; `dvs add` stores again what you still have.',
    );
  } else if (state.lostPacks > 0) {
    yield note(
      `${state.lostPacks} of the packs that the log names ${state.lostPacks === 1 ? 'was' : 'were'} lost before`,
      'Run `dvs verify`: it tells whether anything is still missing.',
    );
  }
  if (state.seq < head) {
    yield note(
      `the index knows ${state.seq} of ${head} commits`,
      'The next command takes in the rest; it may take a moment.',
    );
  } else if (!isLost) yield ok('the index is up to date, and no pack has gone');
}

async function* leftovers(folder: string): AsyncGenerator<Finding> {
  let ended = 0;
  let running = 0;
  for (const name of await readdir(folder)) {
    const owner = ownerOf(name);
    if (owner === undefined || owner.pid === describeOwner().pid) continue;
    if (isOwnerAlive(owner)) running++;
    else ended++;
  }
  if (ended > 0) {
    yield note(
      `${ended} temporary ${ended === 1 ? 'file or folder' : 'files or folders'} of commands that were stopped`,
      'The next command that writes removes them.',
    );
  }
  if (running > 0) yield ok('another dvs is at work here');
}
