import type { FrameCodec } from '../../store/pack/layout.js';
import type { FileStat } from '../../workspace/file-stat.js';
import type { Expected } from './place.js';

/** Part of a content and where to take it from. */
export interface SourcePiece {
  /** Local path of the pack, or the stored bytes of the frame when the pack is elsewhere. */
  readonly from: string | Uint8Array;
  /** For messages. */
  readonly packName: string;
  readonly frameOffset: number;
  readonly storedLength: number;
  readonly realLength: number;
  readonly crc: number;
  readonly codec: FrameCodec;
  /** Where the piece lies in the frame. */
  readonly offset: number;
  readonly length: number;
}

export interface SmallTarget {
  /** Where it is written first. */
  readonly staged: string;
  /** Where it goes when it is complete and its hash is right. */
  readonly path: string;
  readonly digest: Uint8Array;
  readonly expected: Expected;
  readonly pieces: readonly SourcePiece[];
}

/** What checkout workers do. */
export type CheckoutTasks = {
  /** Writes whole files. `mtime`: seconds since the epoch. */
  write: { input: { files: readonly SmallTarget[]; mtime: number }; output: FileStat[] };
  /** Unpacks neighbouring pieces to shared memory at `at` and from there to `position` of an open file. */
  fill: { input: { fd: number; at: number; position: number; pieces: readonly SourcePiece[] }; output: null };
  /** Feeds a stretch of shared memory to the running hash of a file; always on the same worker. */
  hash: { input: { file: number; at: number; length: number }; output: null };
  hashEnd: { input: { file: number }; output: Uint8Array };
};

export interface CheckoutWorkerData {
  readonly memory: WebAssembly.Memory;
}
