import { closeSync, fstatSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { equalBytes } from '../../base/bytes.js';
import { DvsError, ioError, systemCode } from '../../base/errors.js';
import { READ } from '../../base/open-flags.js';
import { Sha256 } from '../../id/hash.js';
import { unpackFrame } from '../../store/pack/frame.js';
import { FrameCodec } from '../../store/pack/layout.js';
import { missingPack } from '../../store/pack/reader.js';
import { isZstdLoaded, loadZstd } from '../../store/pack/zstd.js';
import { serve } from '../../workers/serve.js';
import type { FileStat } from '../../workspace/file-stat.js';
import { wrongHash } from './damage.js';
import { dateFile, placeFile } from './place.js';
import type { CheckoutTasks, CheckoutWorkerData, SmallTarget, SourcePiece } from './tasks.js';

const { memory }: CheckoutWorkerData = workerData;
const hashes = new Map<number, Sha256>();

/** The pack and the frame in hand: neighbours in a folder are neighbours in a pack. */
let pack: { path: string; fd: number } | undefined;
let frame: { from: string | Uint8Array; offset: number; real: Uint8Array } | undefined;

function openPack(path: string, name: string): number {
  if (pack?.path === path) return pack.fd;
  if (pack !== undefined) closeSync(pack.fd);
  pack = undefined;
  const fd = openSync(path, READ);
  if (!fstatSync(fd).isFile()) {
    closeSync(fd);
    throw missingPack(name);
  }
  pack = { path, fd };
  return fd;
}

function storedBytes({ from, packName, frameOffset, storedLength }: SourcePiece): Uint8Array {
  if (typeof from !== 'string') return from;
  const stored = Buffer.allocUnsafe(storedLength);
  let done = 0;
  try {
    const fd = openPack(from, packName);
    while (done < storedLength) {
      const read = readSync(fd, stored, done, storedLength - done, frameOffset + done);
      if (read === 0) break;
      done += read;
    }
  } catch (error) {
    throw systemCode(error) === 'ENOENT' ? missingPack(packName) : ioError(error, 'reading', from);
  }
  return stored.subarray(0, done);
}

function pieceBytes(piece: SourcePiece): Uint8Array {
  if (frame?.from !== piece.from || frame.offset !== piece.frameOffset) {
    try {
      frame = { from: piece.from, offset: piece.frameOffset, real: unpackFrame(piece, storedBytes(piece)) };
    } catch (error) {
      frame = undefined;
      if (!(error instanceof DvsError) || error.about.length > 0) throw error;
      throw new DvsError(error.code, `pack ${piece.packName.slice(0, 12)}…: ${error.message}`, {
        cause: error,
        about: [`packs/${piece.packName}`],
        hint: 'Run `dvs verify --all` to list what is damaged.',
      });
    }
  }
  return frame.real.subarray(piece.offset, piece.offset + piece.length);
}

function writeFully(fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(fd, bytes, done, bytes.length - done, position + done);
  }
}

function writeSmall({ staged, path, digest, pieces, expected }: SmallTarget, mtime: number): FileStat {
  const parts = pieces.map(pieceBytes);
  const hash = new Sha256();
  for (const part of parts) hash.update(part);
  if (!equalBytes(hash.digest(), digest)) throw wrongHash(path, digest);
  try {
    const fd = openSync(staged, 'wx');
    let written: FileStat;
    try {
      let position = 0;
      for (const part of parts) {
        writeFully(fd, part, position);
        position += part.length;
      }
      written = dateFile(fd, mtime);
    } finally {
      closeSync(fd);
    }
    return placeFile(staged, path, written, expected);
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
  let next = at;
  for (const piece of pieces) {
    const bytes = pieceBytes(piece);
    new Uint8Array(memory.buffer, next, bytes.length).set(bytes);
    next += bytes.length;
  }
  writeFully(fd, Buffer.from(memory.buffer, at, next - at), position);
  return null;
}

/** Does something with pieces, once what it takes to unpack them is loaded. */
function unpacking<T>(pieces: readonly SourcePiece[], act: () => T): T | Promise<T> {
  if (isZstdLoaded() || pieces.every(({ codec }) => codec === FrameCodec.plain)) return act();
  return loadZstd().then(act);
}

serve<CheckoutTasks>({
  write({ files, mtime }) {
    const write = (): FileStat[] => files.map((file) => writeSmall(file, mtime));
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
