import { type BigIntStats, lstatSync, readlinkSync, statSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { equalBytes } from '../base/bytes.js';
import { readFully } from '../base/read-fully.js';
import { sha256 } from '../id/hash.js';
import type { Stretches } from './stat-cache.js';
import { type EntryView, entriesIn } from './stat-view.js';

/** What several threads look at together. */
export interface Task extends Stretches {
  /** The folder that the paths of the entries begin in. */
  readonly root: string;
  /** Links are what they lead to. */
  readonly follow: boolean;
  /** With more entries than this that are not what they say, no thread begins another stretch. */
  readonly most: number;
  /** In memory that the threads share: the number of the next stretch that nobody has begun, and entries that differ. */
  readonly shared: Int32Array;
}

/** What was found where one stretch of entries says what should be there. */
export interface StretchLook {
  /** Its number. */
  readonly index: number;
  /** The key of its first entry. */
  readonly first: string;
  /** Files and links that have an entry in it. */
  readonly count: number;
  /** Where in it the entries begin of whatever is not what they say any more. */
  readonly different: readonly number[];
}

const NEXT = 0;
const DIFFERENT = 1;

export function sharedBy(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(8));
}

const LOOK = { bigint: true, throwIfNoEntry: false } as const;

type Look = (path: string) => BigIntStats | undefined;
const lstat: Look = (path) => lstatSync(path, LOOK);
const stat: Look = (path) => statSync(path, LOOK);

/** Looks at each file, link and folder in the stretches that this thread gets hold of. Throws errors of the system. */
export async function lookAt({
  descriptor,
  bounds,
  root,
  most,
  shared,
  follow,
}: Task): Promise<StretchLook[]> {
  const looks: StretchLook[] = [];
  const end = bounds.length - 1;
  for (let index = Atomics.add(shared, NEXT, 1); index < end; index = Atomics.add(shared, NEXT, 1)) {
    const [from = 0, to = 0] = bounds.slice(index, index + 2);
    const look = lookAtStretch(index, readStretch(descriptor, from, to), root, follow ? stat : lstat);
    looks.push(look);
    const different = Atomics.add(shared, DIFFERENT, look.different.length) + look.different.length;
    if (different > most) Atomics.store(shared, NEXT, end);
    await nextTurn(); // a signal must not have to wait for the last
  }
  return looks;
}

function readStretch(descriptor: number, start: number, end: number): Buffer {
  const bytes = Buffer.allocUnsafe(end - start);
  return bytes.subarray(0, readFully(descriptor, bytes, start));
}

function lookAtStretch(index: number, stretch: Buffer, root: string, look: Look): StretchLook {
  const different: number[] = [];
  let first: string | undefined;
  let count = 0;
  for (const entry of entriesIn(stretch)) {
    first ??= entry.key;
    if (entry.type !== 'folder') count++;
    if (!isSame(root, entry, look)) different.push(entry.at);
  }
  return { index, first: first ?? '', count, different };
}

function isSame(root: string, entry: EntryView, look: Look): boolean {
  const { path, type } = entry;
  const absolute = path === '' ? root : `${root}/${path}`;
  const found = look(absolute);
  if (found === undefined) return false;
  if (type === 'file') return found.isFile() && entry.hasStat(found);
  if (type === 'folder') return found.isDirectory() && entry.hasStat(found);
  return found.isSymbolicLink() && equalBytes(sha256(readlinkSync(absolute, 'buffer')), entry.digest);
}
