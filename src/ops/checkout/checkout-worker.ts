import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { equalBytes } from '../../base/bytes.js';
import { ioError } from '../../base/errors.js';
import { Sha256 } from '../../id/hash.js';
import { FrameCodec } from '../../store/pack/layout.js';
import { isZstdLoaded, loadZstd } from '../../store/pack/zstd.js';
import { serve } from '../../workers/serve.js';
import type { FileStat } from '../../workspace/file-stat.js';
import { wrongHash } from './damage.js';
import { cacheAndLink, linkFile } from './link-file.js';
import type { Linking } from './linking.js';
import { PieceReader } from './pieces.js';
import { dateFile, placeFile } from './place.js';
import type {
  CheckoutTasks,
  CheckoutWorkerData,
  FileTarget,
  SmallTarget,
  SourcePiece,
  Written,
} from './tasks.js';

const { memory }: CheckoutWorkerData = workerData;
const hashes = new Map<number, Sha256>();

const reader = new PieceReader();

function writeFully(fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(fd, bytes, done, bytes.length - done, position + done);
  }
}

function writeSmall(target: SmallTarget, mtime: number, linking: Linking | undefined): Written {
  const { staged, path, digest, expected } = target;
  const parts = target.pieces.map((piece) => reader.bytes(piece));
  const hash = new Sha256();
  for (const part of parts) hash.update(part);
  if (!equalBytes(hash.digest(), digest)) throw wrongHash(path, digest);
  try {
    // Of several alike the first was cached a moment ago.
    const known = linking && linkFile(linking, target, mtime);
    const linked =
      known ??
      (linking && cacheAndLink(linking, target, mtime, (inCache) => void writeParts(inCache, parts, mtime)));
    const stat = placeFile(staged, path, linked ?? writeParts(staged, parts, mtime), expected);
    const isCached = known === undefined && linked !== undefined;
    return { stat, isLinked: linked !== undefined, cached: isCached ? target.size : 0 };
  } catch (error) {
    removeStaged(staged);
    throw ioError(error, 'writing', path);
  }
}

/** Makes a file of these parts. */
function writeParts(path: string, parts: readonly Uint8Array[], mtime: number): FileStat {
  const fd = openSync(path, 'wx');
  try {
    let position = 0;
    for (const part of parts) {
      writeFully(fd, part, position);
      position += part.length;
    }
    return dateFile(fd, mtime);
  } finally {
    closeSync(fd);
  }
}

function linkSmall(target: FileTarget, mtime: number, linking: Linking): Written | undefined {
  const { staged, path, expected } = target;
  try {
    const linked = linkFile(linking, target, mtime);
    if (linked === undefined) return undefined;
    return { stat: placeFile(staged, path, linked, expected), isLinked: true, cached: 0 };
  } catch (error) {
    removeStaged(staged);
    throw ioError(error, 'writing', path);
  }
}

function removeStaged(staged: string): void {
  try {
    unlinkSync(staged);
  } catch {
    // It may never have come to be; the first error is the one to report, and the folder goes as a whole.
  }
}

function fill({ fd, at, position, pieces }: CheckoutTasks['fill']['input']): null {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const bytes = Buffer.from(memory.buffer, at, length);
  reader.copy(pieces, bytes);
  writeFully(fd, bytes, position);
  return null;
}

/** Does something with pieces, once what it takes to unpack them is loaded. */
function unpacking<T>(pieces: readonly SourcePiece[], act: () => T): T | Promise<T> {
  if (isZstdLoaded() || pieces.every(({ codec }) => codec === FrameCodec.plain)) return act();
  return loadZstd().then(act);
}

serve<CheckoutTasks>({
  link({ files, mtime, linking }) {
    return files.map((file) => linkSmall(file, mtime, linking));
  },
  write({ files, mtime, linking }) {
    const write = (): Written[] => files.map((file) => writeSmall(file, mtime, linking));
    return unpacking(
      files.flatMap(({ pieces }) => pieces),
      write,
    );
  },
  fill: (input) => unpacking(input.pieces, () => fill(input)),
  hash({ file, at, length }) {
    const hash = hashes.get(file) ?? new Sha256();
    hashes.set(file, hash);
    hash.update(Buffer.from(memory.buffer, at, length));
    return null;
  },
  hashEnd({ file }) {
    const hash = hashes.get(file) ?? new Sha256();
    hashes.delete(file);
    return hash.digest();
  },
});
