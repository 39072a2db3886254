import { constants, type FileHandle, open, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { KiB, MiB } from '../../../base/limits.js';
import { chunkHash } from '../../../chunk/hash.js';
import { sha256 } from '../../../id/hash.js';
import { type Check, note, ok } from '../check.js';
import { rate } from '../format.js';

const PIECE = MiB;
/** Written until so much is there or so long has gone. */
const MOST_BYTES = 32 * MiB;
const DISK_MS = 250;
const HASH_MS = 60;
const SYNCS = 3;
/** A command waits for up to four of them. */
const SLOW_SYNC_MS = 100;
const NEEDED_ROOM = 8;

export const speed: Check = {
  name: 'speed',
  async *run({ bench }) {
    const piece = pageAligned();
    yield ok(`a thread hashes ${hashing(piece)}`);
    if (bench === undefined) return;
    const { bavail, bsize } = await statfs(bench);
    if (bavail * bsize < NEEDED_ROOM * MOST_BYTES) return;
    const path = join(bench, 'speed');
    const written = await writing(path, piece);
    const read = await reading(path, piece);
    const sync = await syncing(join(bench, 'sync'));
    const what = `the disk writes ${written}, reads ${read}; a sync takes ${sync.toFixed(1)} ms`;
    if (sync < SLOW_SYNC_MS) yield ok(what);
    else
      yield note(
        what,
        'Each command that records waits for four syncs. A local disk would be faster for the store.',
      );
  },
};

/** Memory that begins at the border of a page, as reading past the cache demands; filled so that nothing compresses it. */
function pageAligned(): Buffer {
  const piece = Buffer.from(new WebAssembly.Memory({ initial: PIECE / (64 * KiB) }).buffer);
  for (let at = 0, state = 1; at < piece.length; at += 4) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0; // Numerical Recipes' linear congruence
    piece.writeInt32LE(state, at);
  }
  return piece;
}

function hashing(piece: Buffer): string {
  const chunk = piece.subarray(0, 64 * KiB);
  const sha = timed(() => sha256(piece));
  const blake = timed(() => chunkHash(chunk));
  return `SHA-256 at ${rate(piece.length, sha)}, BLAKE3 at ${rate(chunk.length, blake)}`;
}

/** Milliseconds that one call takes. */
function timed(run: () => unknown): number {
  const startedAt = performance.now();
  let calls = 0;
  do {
    run();
    calls++;
  } while (performance.now() - startedAt < HASH_MS);
  return (performance.now() - startedAt) / calls;
}

async function writing(path: string, piece: Buffer): Promise<string> {
  return using(await open(path, 'wx'), async (file) => {
    const startedAt = performance.now();
    let bytes = 0;
    while (bytes < MOST_BYTES && performance.now() - startedAt < DISK_MS) {
      bytes += (await file.write(piece)).bytesWritten;
    }
    await file.sync();
    return rate(bytes, performance.now() - startedAt);
  });
}

async function reading(path: string, piece: Buffer): Promise<string> {
  const { file, isDirect } = await openPastCache(path);
  return using(file, async () => {
    const startedAt = performance.now();
    let bytes = 0;
    for (let read = 1; read > 0 && performance.now() - startedAt < DISK_MS; bytes += read) {
      read = (await file.read(piece, 0, piece.length, bytes)).bytesRead;
    }
    return `${rate(bytes, performance.now() - startedAt)}${isDirect ? '' : ' (from memory)'}`;
  });
}

/** What was just written would else come from memory. Not every file system can do without. */
async function openPastCache(path: string): Promise<{ file: FileHandle; isDirect: boolean }> {
  const { O_RDONLY, O_DIRECT } = constants;
  try {
    if (O_DIRECT !== undefined) return { file: await open(path, O_RDONLY | O_DIRECT), isDirect: true };
  } catch {
    // then with the cache
  }
  return { file: await open(path, O_RDONLY), isDirect: false };
}

/** Milliseconds until a small file is durable: the middle one of a few tries. */
async function syncing(path: string): Promise<number> {
  return using(await open(path, 'wx'), async (file) => {
    const times: number[] = [];
    for (let i = 0; i < SYNCS; i++) {
      const startedAt = performance.now();
      await file.write('x');
      await file.sync();
      times.push(performance.now() - startedAt);
    }
    return times.toSorted((a, b) => a - b)[SYNCS >> 1] ?? 0;
  });
}

async function using<T>(file: FileHandle, work: (file: FileHandle) => Promise<T>): Promise<T> {
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}
