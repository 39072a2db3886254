import type { EntryKind } from '../../store/pack/layout.js';
import type { FinishedPack } from '../../store/pack/writer.js';
import type { ReadFile } from '../../workspace/cache/fill.js';
import type { CacheFolder } from '../../workspace/cache/folder.js';
import type { FileStat } from '../../workspace/file-stat.js';

/** A stretch of the shared memory, in bytes from its start. */
export interface Stretch {
  readonly at: number;
  readonly length: number;
}

export interface SmallFile {
  readonly path: string;
  /** Bytes of the slot set aside for it: its size when it was crawled. */
  readonly room: number;
}

/** What was read of a small file, still in the slot. */
export interface SmallContent extends Stretch {
  readonly stat: FileStat;
  readonly digest: Uint8Array;
  /** Lengths of its chunks; empty for no more than one. */
  readonly chunks: readonly number[];
  /** Their hashes, 32 bytes each. */
  readonly chunkIds: Uint8Array;
}

/** Why a file could not be read as one thing. */
export type ReadProblem = { readonly problem: 'changing' | 'grown' | 'gone' | 'type' | 'access' };

export interface StoredPiece extends Stretch {
  readonly kind: EntryKind;
  readonly id: Uint8Array;
}

/** What ingest workers do. All memory is shared; only positions and results travel. */
export type IngestTasks = {
  /** Reads whole files to `at` and onwards, hashes and cuts them. */
  small: {
    input: { at: number; files: readonly SmallFile[] };
    output: (SmallContent | ReadProblem)[];
  };
  /** Reads a stretch of an open file and finds where chunks may end; undefined when there are too many. */
  scan: {
    input: { fd: number; offset: number } & Stretch;
    output: { read: number; candidates: readonly number[] | undefined };
  };
  /** Feeds a stretch to the running hash of a file; always on the same worker. */
  hash: { input: { file: number } & Stretch; output: null };
  hashEnd: { input: { file: number }; output: Uint8Array };
  /** The chunk hashes of stretches, 32 bytes each. */
  chunkIds: { input: { chunks: readonly Stretch[] }; output: Uint8Array };
  /** Compresses and appends to this worker's open pack. */
  store: { input: { pieces: readonly StoredPiece[] }; output: null };
  /** Puts files that were read into the cache of this machine; says how many bytes came in. `now`: milliseconds. */
  cache: { input: { cache: CacheFolder; files: readonly ReadFile[]; now: number }; output: number };
  /** Hands out this worker's full packs. */
  completed: { input: null; output: FinishedPack[] };
  /** Completes this worker's packs. */
  finish: { input: null; output: FinishedPack[] };
};

export interface IngestWorkerData {
  readonly index: number;
  readonly memory: WebAssembly.Memory;
  /** Where the gear table lies. */
  readonly tableAt: number;
  /** Where worker 0's scan results go; worker n's follow. */
  readonly outAt: number;
  /** Where packs are spooled; undefined when nothing is stored. */
  readonly folder: string | undefined;
}
