import { closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { equalBytes } from '../../base/bytes.js';
import { ioError, systemCode } from '../../base/errors.js';
import { ownedName } from '../../base/owner.js';
import type { Digest } from '../../id/hash.js';
import type { ContentPiece } from '../../store/objects/reader.js';
import { SLOT_DATA } from '../../workers/slots.js';
import { Turns } from '../../workers/turns.js';
import { cacheStaging } from '../../workspace/cache/folder.js';
import type { FileStat } from '../../workspace/file-stat.js';
import { wrongHash, wrongSize } from './damage.js';
import type { CheckoutEngine } from './engine.js';
import { admitAndLink, linkFile } from './link-file.js';
import type { Linking } from './linking.js';
import { dateFile, placeFile } from './place.js';
import type { FileTarget, Written } from './tasks.js';

/** Writes one file of any size with all workers; it gets its name when its hash is right. */
export async function writeLarge(
  engine: CheckoutEngine,
  target: FileTarget,
  mtime: number,
  onBytes: (bytes: number) => void,
): Promise<Written> {
  const { staged, path, expected } = target;
  try {
    const written = await fillLarge(engine, target, staged, mtime, onBytes);
    return { stat: placeFile(staged, path, written, expected), isLinked: false, cached: 0 };
  } catch (error) {
    rmSync(staged, { force: true });
    throw ioError(error, 'writing', path);
  }
}

/** The same by way of the cache; undefined when it cannot be had there. */
export async function linkLarge(
  engine: CheckoutEngine,
  target: FileTarget,
  mtime: number,
  linking: Linking,
  onBytes: (bytes: number) => void,
): Promise<Written | undefined> {
  const { staged, path, expected, size } = target;
  const completed = join(cacheStaging(linking.cache), ownedName());
  try {
    const known = linkFile(linking, target, mtime);
    let linked = known;
    if (linked === undefined) {
      await fillLarge(engine, target, completed, mtime, onBytes);
      linked = admitAndLink(linking, target, mtime, completed);
    } else onBytes(size);
    if (linked === undefined) return undefined;
    const stat = placeFile(staged, path, linked, expected);
    return { stat, isLinked: true, cached: known === undefined ? size : 0 };
  } catch (error) {
    if (systemCode(error) !== undefined) return undefined;
    throw error;
  } finally {
    rmSync(completed, { force: true });
    rmSync(staged, { force: true });
  }
}

async function fillLarge(
  engine: CheckoutEngine,
  { path, digest, size }: FileTarget,
  staged: string,
  mtime: number,
  onBytes: (bytes: number) => void,
): Promise<FileStat> {
  const length = await engine.store.objects.contentLength(digest);
  if (length !== size) throw wrongSize(path, size, length ?? 0);
  const fd = openSync(staged, 'wx');
  try {
    const found = await fillFile(engine, fd, digest, onBytes);
    if (!equalBytes(found, digest)) throw wrongHash(path, digest);
    return dateFile(fd, mtime);
  } finally {
    closeSync(fd);
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
