import { closeSync, openSync, rmSync } from 'node:fs';
import { equalBytes } from '../../base/bytes.js';
import { ioError } from '../../base/errors.js';
import type { Digest } from '../../id/hash.js';
import type { ContentPiece } from '../../store/objects/reader.js';
import { SLOT_DATA } from '../../workers/slots.js';
import { Turns } from '../../workers/turns.js';
import type { FileStat } from '../../workspace/file-stat.js';
import { wrongHash, wrongSize } from './damage.js';
import type { CheckoutEngine } from './engine.js';
import { dateFile, type Expected, placeFile } from './place.js';

export interface LargeTarget {
  readonly staged: string;
  readonly path: string;
  readonly digest: Digest;
  readonly size: number;
  readonly expected: Expected;
  /** Seconds since the epoch. */
  readonly mtime: number;
}

/** Writes one file of any size with all workers; it gets its name when its hash is right. */
export async function writeLarge(
  engine: CheckoutEngine,
  { staged, path, digest, size, mtime, expected }: LargeTarget,
  onBytes: (bytes: number) => void,
): Promise<FileStat> {
  const length = await engine.store.objects.contentLength(digest);
  if (length !== size) throw wrongSize(path, size, length ?? 0);
  try {
    const fd = openSync(staged, 'wx');
    let written: FileStat;
    try {
      const found = await fillFile(engine, fd, digest, onBytes);
      if (!equalBytes(found, digest)) throw wrongHash(path, digest);
      written = dateFile(fd, mtime);
    } finally {
      closeSync(fd);
    }
    return placeFile(staged, path, written, expected);
  } catch (error) {
    rmSync(staged, { force: true });
    throw ioError(error, 'writing', path);
  }
}

/** Unpacks stretches in parallel, hashes them in order on one worker; returns the hash of it all. */
async function fillFile(
  engine: CheckoutEngine,
  fd: number,
  digest: Digest,
  onBytes: (bytes: number) => void,
): Promise<Digest> {
  const file = engine.newFile();
  const hashing = new Turns();
  const pending: Promise<void>[] = [];
  const fill = async (pieces: readonly ContentPiece[], position: number, length: number): Promise<void> => {
    const slot = await engine.slots.acquire();
    const turn = hashing.take();
    const filled = (async () => {
      try {
        await engine.pool.run('fill', {
          fd,
          at: slot.dataAt,
          position,
          pieces: await engine.sources(pieces),
        });
        await turn.ready;
        const hashed = engine.pool.run('hash', { file, at: slot.dataAt, length }, file);
        turn.done();
        await hashed;
        onBytes(length);
      } finally {
        turn.done();
        engine.slots.release(slot);
      }
    })();
    filled.catch(() => {}); // settled below; until then it must not count as unhandled
    pending.push(filled);
  };
  try {
    for await (const { pieces, position, length } of stretches(engine.store.objects.pieces(digest))) {
      await fill(pieces, position, length);
    }
  } finally {
    // All of them, even when one fails: none may still be writing when the file is closed.
    await Promise.allSettled(pending);
  }
  await Promise.all(pending);
  return engine.pool.run('hashEnd', { file }, file);
}

interface FilledStretch {
  readonly pieces: readonly ContentPiece[];
  readonly position: number;
  readonly length: number;
}

/** Joins the pieces of a content to stretches that fit a slot. */
async function* stretches(batches: AsyncIterable<ContentPiece[]>): AsyncGenerator<FilledStretch> {
  let pieces: ContentPiece[] = [];
  let length = 0;
  let position = 0;
  for await (const batch of batches) {
    for (const piece of batch) {
      if (length + piece.object.length > SLOT_DATA) {
        yield { pieces, position, length };
        position += length;
        pieces = [];
        length = 0;
      }
      pieces.push(piece);
      length += piece.object.length;
    }
  }
  if (pieces.length > 0) yield { pieces, position, length };
}
