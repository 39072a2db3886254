import type { FrameCodec } from '../../store/pack/layout.js';
import type { FileStat } from '../../workspace/file-stat.js';
import type { Linking } from './linking.js';
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

/** A file to be made, of one content. */
export interface FileTarget {
  /** Where it is made first. */
  readonly staged: string;
  /** Where it goes when it is complete and its hash is right. */
  readonly path: string;
  readonly digest: Uint8Array;
  readonly size: number;
  readonly expected: Expected;
}

export interface SmallTarget extends FileTarget {
  readonly pieces: readonly SourcePiece[];
}

/** A file that was made. */
export interface Written {
  readonly stat: FileStat;
  /** Whether it is a link, of whatever kind, of a file in the cache. */
  readonly isLinked: boolean;
  /** Bytes that came into the cache with it. */
  readonly cached: number;
}

/** What checkout workers do. */
export type CheckoutTasks = {
  /** Makes links of what the cache has; undefined for the others. `mtime`: seconds since the epoch. */
  link: {
    input: { files: readonly FileTarget[]; mtime: number; linking: Linking };
    output: (Written | undefined)[];
  };
  /** Writes whole files; with `linking` into the cache, and makes links of them. */
  write: {
    input: { files: readonly SmallTarget[]; mtime: number; linking?: Linking | undefined };
    output: Written[];
  };
  /** Unpacks neighbouring pieces to shared memory at `at` and from there to `position` of an open file. */
  fill: { input: { fd: number; at: number; position: number; pieces: readonly SourcePiece[] }; output: null };
  /** Feeds a stretch of shared memory to the running hash of a file; always on the same worker. */
  hash: { input: { file: number; at: number; length: number }; output: null };
  hashEnd: { input: { file: number }; output: Uint8Array };
};

export interface CheckoutWorkerData {
  readonly memory: WebAssembly.Memory;
}
