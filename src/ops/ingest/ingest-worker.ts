import { workerData } from 'node:worker_threads';
import { DvsError } from '../../base/errors.js';
import { readFully } from '../../base/read-fully.js';
import { type Chunk, chunksFrom, chunksOf } from '../../chunk/chunks.js';
import { chunkHash } from '../../chunk/hash.js';
import { MIN_CHUNK, WINDOW } from '../../chunk/limits.js';
import { GearScanner } from '../../chunk/scanner.js';
import { Sha256, sha256 } from '../../id/hash.js';
import { FRAME_BYTES, PackType } from '../../store/pack/layout.js';
import { mayCompress } from '../../store/pack/probe.js';
import { PackSpool } from '../../store/pack/spool.js';
import { isZstdLoaded, loadZstd } from '../../store/pack/zstd.js';
import { serve } from '../../workers/serve.js';
import { fillCache } from '../../workspace/cache/fill.js';
import { readWhole } from './read-whole.js';
import type {
  IngestTasks,
  IngestWorkerData,
  ReadProblem,
  SmallContent,
  SmallFile,
  StoredPiece,
  Stretch,
} from './tasks.js';
import { together } from './together.js';

const { memory, tableAt, outAt, index, folder }: IngestWorkerData = workerData;
const scanner = new GearScanner(memory, tableAt, outAt + index * GearScanner.outBytes);
const spool = folder === undefined ? undefined : new PackSpool(folder, PackType.data);
const hashes = new Map<number, Sha256>();

function bytesAt({ at, length }: Stretch): Buffer {
  return Buffer.from(memory.buffer, at, length);
}

function readSmall(file: SmallFile, at: number): SmallContent | ReadProblem {
  const whole = readWhole(file, (length) => bytesAt({ at, length }));
  if ('problem' in whole) return whole;
  const { stat, bytes } = whole;
  const chunks = cutSmall(at, bytes);
  return {
    at,
    length: bytes.length,
    stat,
    digest: sha256(bytes),
    chunks: chunks.map(({ length }) => length),
    chunkIds: Buffer.concat(
      chunks.map(({ offset, length }) => chunkHash(bytes.subarray(offset, offset + length))),
    ),
  };
}

/** The chunks of a whole file in shared memory; empty when it is no more than one. */
function cutSmall(at: number, bytes: Buffer): Chunk[] {
  if (bytes.length <= MIN_CHUNK) return [];
  const candidates = scanner.scan(at, bytes.length);
  const chunks = candidates === undefined ? chunksOf(bytes) : chunksFrom(candidates, bytes.length);
  return chunks.length > 1 ? chunks : [];
}

function opened(): PackSpool {
  if (spool === undefined) throw new DvsError('E_INTERNAL', 'this worker stores nothing');
  return spool;
}

function running(file: number): Sha256 {
  const hash = hashes.get(file) ?? new Sha256();
  hashes.set(file, hash);
  return hash;
}

/** Whether some frame of these pieces, which lie side by side but for those left out, may be worth compressing. */
function anyMayCompress(pieces: readonly Stretch[]): boolean {
  const first = pieces[0]?.at ?? 0;
  const last = pieces.at(-1);
  const end = last === undefined ? first : last.at + last.length;
  for (let at = first; at < end; at += FRAME_BYTES) {
    if (mayCompress(bytesAt({ at, length: Math.min(FRAME_BYTES, end - at) }))) return true;
  }
  return false;
}

function store(pieces: readonly StoredPiece[]): null {
  for (const { kind, id, ...stretch } of pieces) opened().add({ kind, id, bytes: bytesAt(stretch) });
  opened().flush();
  return null;
}

serve<IngestTasks>({
  small({ at, files }) {
    let next = at;
    const read = files.map((file) => {
      const content = readSmall(file, next);
      if (!('problem' in content)) next += content.length;
      return content;
    });
    return together(read);
  },
  scan({ fd, offset, at, length }) {
    // The hash at the first byte sees the 64 before it; at the start of a file there are none to see.
    const before = Math.min(WINDOW, offset);
    const read =
      readFully(fd, bytesAt({ at: at - before, length: before + length }), offset - before) - before;
    return { read, candidates: read > 0 ? scanner.scan(at, read) : [] };
  },
  hash({ file, ...stretch }) {
    running(file).update(bytesAt(stretch));
    return null;
  },
  hashEnd({ file }) {
    const hash = running(file);
    hashes.delete(file);
    return hash.digest();
  },
  chunkIds({ chunks }) {
    return Buffer.concat(chunks.map((chunk) => chunkHash(bytesAt(chunk))));
  },
  store({ pieces }) {
    // Loading takes longer than storing: data that does not compress is stored without.
    if (isZstdLoaded() || !anyMayCompress(pieces)) return store(pieces);
    return loadZstd().then(() => store(pieces));
  },
  cache({ cache, files, now }) {
    return fillCache(cache, files, now);
  },
  completed() {
    return spool?.completed() ?? [];
  },
  finish() {
    return spool?.finish() ?? [];
  },
});
