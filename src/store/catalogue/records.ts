import { asBuffer, utf8 } from '../../base/bytes.js';
import { CID } from '../../id/cid.js';
import { DIGEST_LENGTH, type Digest } from '../../id/hash.js';
import type { LogPosition } from '../log/log.js';
import { type Entry, EntryKind, type Frame, FrameCodec } from '../pack/layout.js';

/**
 * Keys and values of the catalogue. A key is a letter and what it is about; nothing here is ever the truth,
 * so the layout may change with any release (raise `LAYOUT`).
 */
export const LAYOUT = 4;

const NUL = Buffer.from([0]);

function key(letter: string, ...parts: Uint8Array[]): Uint8Array {
  return Buffer.concat([Buffer.from(letter), ...parts]);
}

function u32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(value);
  return out;
}

const OBJECT = 'o'.charCodeAt(0);

function object(kind: EntryKind, id: Digest): Uint8Array {
  const out = new Uint8Array(2 + id.length);
  out[0] = OBJECT;
  out[1] = kind;
  out.set(id, 2);
  return out;
}

export const Key = {
  head: key('h'),
  object,
  pack: (number: number) => key('p', u32(number)),
  packNumber: (name: Digest) => key('q', name),
  packCount: key('c'),
  lostPacks: key('x'),
  /** a pack that was lost when it was looked at */
  lostPack: (name: Digest) => key('x', name),
  name: (name: string) => key('n', utf8(name)),
  version: (name: string, version: number) => key('v', utf8(name), NUL, u32(version)),
  tag: (name: string, tag: string) => key('t', utf8(name), NUL, utf8(tag)),
  /** ID → the names and versions that are it */
  naming: (id: Digest, name: string, version: number) => key('i', id, utf8(name), NUL, u32(version)),
  /** ID → the published entities that link to it */
  edge: (to: Digest, from: Digest) => key('e', to, from),
};

/** The first key after all that begin with `prefix`. */
export function after(prefix: Uint8Array): Uint8Array {
  const end = Buffer.from(prefix);
  for (let i = end.length - 1; i >= 0; i--) {
    const byte = end[i] ?? 0;
    if (byte < 255) {
      end[i] = byte + 1;
      return end.subarray(0, i + 1);
    }
  }
  return Buffer.from([255]);
}

/** Where an object lies: everything a reader needs, so that it can read with one look at one pack. */
export interface Place extends Omit<Frame, 'offset'> {
  readonly kind: EntryKind;
  readonly pack: number;
  /** Where the frame begins in the pack. */
  readonly frameOffset: number;
  /** Where the object begins in the frame. */
  readonly offset: number;
  readonly length: number;
}

const PLACE_LENGTH = 29;

/** A place, but for what its key says, out of what a footer says: there are thousands in one command. */
export function encodePlace(pack: number, frame: Frame, { offset, length }: Entry): Uint8Array {
  const out = new Uint8Array(PLACE_LENGTH);
  const view = new DataView(out.buffer);
  view.setUint32(0, pack, true);
  view.setUint32(4, frame.offset, true);
  view.setUint32(8, frame.storedLength, true);
  view.setUint32(12, frame.realLength, true);
  view.setUint32(16, frame.crc, true);
  view.setUint32(20, offset, true);
  view.setUint32(24, length, true);
  view.setUint8(28, frame.codec);
  return out;
}

export function decodePlace(kind: EntryKind, value: Uint8Array): Place {
  const bytes = asBuffer(value);
  return {
    kind,
    pack: bytes.readUInt32LE(0),
    frameOffset: bytes.readUInt32LE(4),
    storedLength: bytes.readUInt32LE(8),
    realLength: bytes.readUInt32LE(12),
    crc: bytes.readUInt32LE(16),
    offset: bytes.readUInt32LE(20),
    length: bytes.readUInt32LE(24),
    codec: bytes.readUInt8(28) === FrameCodec.zstd ? FrameCodec.zstd : FrameCodec.plain,
  };
}

/** A value of a name: which version it is, what it is, which commit set it. */
export interface NameValue {
  readonly version: number;
  readonly id: CID;
  readonly seq: number;
}

const NUMBERS_LENGTH = 12;

export function encodeNameValue({ version, id, seq }: NameValue): Uint8Array {
  const numbers = Buffer.alloc(NUMBERS_LENGTH);
  numbers.writeUInt32LE(version);
  numbers.writeDoubleLE(seq, 4);
  return Buffer.concat([numbers, id.bytes]);
}

export function decodeNameValue(value: Uint8Array): NameValue {
  const bytes = asBuffer(value);
  const id = CID.decode(bytes.subarray(NUMBERS_LENGTH));
  return { version: bytes.readUInt32LE(0), seq: bytes.readDoubleLE(4), id };
}

/** Bytes of the number before the hash. */
const SEQ_LENGTH = 8;

export function encodeHead({ seq, hash }: LogPosition): Uint8Array {
  const number = Buffer.alloc(SEQ_LENGTH);
  number.writeDoubleLE(seq);
  return Buffer.concat([number, hash ?? NUL]);
}

/** Where the catalogue's knowledge of the log ends. */
export function decodeHead(value: Uint8Array): LogPosition {
  const hash = value.subarray(SEQ_LENGTH);
  return { seq: asBuffer(value).readDoubleLE(0), hash: hash.length === DIGEST_LENGTH ? hash : null };
}

/** What is known of a content: its place when it is one object, else the recipe that leads to its bytes. */
export function decodeContent(value: Uint8Array): Place | { readonly recipe: Digest } {
  return value.length === DIGEST_LENGTH ? { recipe: value } : decodePlace(EntryKind.content, value);
}

export function encodeNumber(value: number): Uint8Array {
  return u32(value);
}

export function decodeNumber(value: Uint8Array): number {
  return asBuffer(value).readUInt32BE(0);
}

/** The name and version at the end of a `naming` key. */
export function parseNaming(naming: Uint8Array): { name: string; version: number } {
  const bytes = asBuffer(naming);
  return {
    name: bytes.toString('utf8', 33, bytes.length - 5),
    version: bytes.readUInt32BE(bytes.length - 4),
  };
}
