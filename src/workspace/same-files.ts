import { type BigIntStats, lstatSync, readlinkSync, statSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { equalBytes } from '../base/bytes.js';
import { readFully } from '../base/read-fully.js';
import { sha256 } from '../id/hash.js';
import type { Stretches } from './stat-cache.js';
import { EntryView } from './stat-view.js';

/** What several threads compare together. */
export interface Comparison extends Stretches {
  /** The folder that the paths of the entries begin in. */
  readonly root: string;
  /** Links are what they lead to. */
  readonly follow: boolean;
  /** In memory that the threads share: the number of the next stretch that nobody has begun. */
  readonly next: Int32Array;
}

const LOOK = { bigint: true, throwIfNoEntry: false } as const;

type Look = (path: string) => BigIntStats | undefined;
const lstat: Look = (path) => lstatSync(path, LOOK);
const stat: Look = (path) => statSync(path, LOOK);

/**
 * Whether each file, link and folder in the stretches that this thread gets hold of still is what its entry says;
 * as soon as one is not, no thread begins another.
 */
export async function areSame({ descriptor, bounds, root, next, follow }: Comparison): Promise<boolean> {
  const count = bounds.length - 1;
  for (let i = Atomics.add(next, 0, 1); i < count; i = Atomics.add(next, 0, 1)) {
    const [start = 0, end = 0] = bounds.slice(i, i + 2);
    if (!isStretchSame(readStretch(descriptor, start, end), root, follow ? stat : lstat)) {
      Atomics.store(next, 0, count);
      return false;
    }
    await nextTurn(); // a signal must not have to wait for the last
  }
  return true;
}

function readStretch(descriptor: number, start: number, end: number): Buffer {
  const bytes = Buffer.allocUnsafe(end - start);
  return bytes.subarray(0, readFully(descriptor, bytes, start));
}

function isStretchSame(bytes: Buffer, root: string, look: Look): boolean {
  for (let at = 0; at < bytes.length; ) {
    const entry = new EntryView(bytes, at);
    if (!isSame(root, entry, look)) return false;
    at = entry.end;
  }
  return true;
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
