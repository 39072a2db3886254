import { KiB, MiB } from '../../base/limits.js';

/** The bytes of a pack, as `docs/format.md` describes them. All integers are little-endian. */
export const PACK_VERSION = 1;
export const PACK_MAGIC = Buffer.from('dvspack\n');
export const TRAILER_MAGIC = Buffer.from('dvstoc1\n');
export const HEADER_LENGTH = 16;
/** Nonce (16), footer length (4), magic (8). */
export const TRAILER_LENGTH = 28;
export const NONCE_LENGTH = 16;

/** A pack is closed before it passes either. */
export const PACK_BYTES = 64 * MiB;
export const PACK_ENTRIES = 65_536;
/** Real bytes in one frame, and so in one object. */
export const FRAME_BYTES = 256 * KiB;

/** What a pack holds. */
export const PackType = { data: 0, meta: 1 } as const;
export type PackType = (typeof PackType)[keyof typeof PackType];

/** How a frame is stored. */
export const FrameCodec = { plain: 0, zstd: 1 } as const;
export type FrameCodec = (typeof FrameCodec)[keyof typeof FrameCodec];

/**
 * What an entry is and what its ID is the hash of: a chunk (Xet chunk hash), a content of one chunk (SHA-256
 * of the file), a node (SHA-256 of its DAG-CBOR), a recipe (SHA-256 of its bytes).
 */
export const EntryKind = { chunk: 0, content: 1, node: 2, recipe: 3 } as const;
export type EntryKind = (typeof EntryKind)[keyof typeof EntryKind];

/** A stretch of the pack, compressed as one. */
export interface Frame {
  /** Where its stored bytes begin in the pack. */
  readonly offset: number;
  readonly storedLength: number;
  readonly realLength: number;
  readonly codec: FrameCodec;
  /** CRC-32 of the stored bytes: finds damage that decompression would forgive. */
  readonly crc: number;
}

/** One object: where it lies within the real bytes of a frame. */
export interface Entry {
  readonly kind: EntryKind;
  readonly id: Uint8Array;
  /** Number of its frame. */
  readonly frame: number;
  readonly offset: number;
  readonly length: number;
}

/** Which recipe (an entry of the same pack) leads to the bytes of a content of several chunks. */
export interface ContentRecipe {
  readonly content: Uint8Array;
  readonly recipe: Uint8Array;
}

export interface Footer {
  readonly type: PackType;
  readonly frames: readonly Frame[];
  readonly entries: readonly Entry[];
  readonly recipes: readonly ContentRecipe[];
}

export const FRAME_RECORD = 17;
export const ENTRY_RECORD = 45;
export const RECIPE_RECORD = 64;
/** Header copy, then the three counts. */
export const FOOTER_HEAD = HEADER_LENGTH + 12;
/** No footer is longer: each frame has an entry, and only entries have recipes. */
export const FOOTER_BYTES = FOOTER_HEAD + PACK_ENTRIES * (FRAME_RECORD + ENTRY_RECORD + RECIPE_RECORD);
