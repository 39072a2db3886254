import { asBuffer, compareBytes, equalBytes } from '../../base/bytes.js';
import { DvsError } from '../../base/errors.js';
import { type Digest, Sha256 } from '../../id/hash.js';
import {
  type ContentRecipe,
  ENTRY_RECORD,
  type Entry,
  EntryKind,
  FOOTER_HEAD,
  type Footer,
  FRAME_BYTES,
  FRAME_RECORD,
  type Frame,
  FrameCodec,
  HEADER_LENGTH,
  NONCE_LENGTH,
  PACK_ENTRIES,
  PACK_MAGIC,
  PACK_VERSION,
  PackType,
  RECIPE_RECORD,
  TRAILER_LENGTH,
  TRAILER_MAGIC,
} from './layout.js';

/** The first bytes of a pack: magic, format version, type, cipher suite 0 (none), key ID 0. */
export function encodeHeader(type: PackType): Buffer {
  const header = Buffer.alloc(HEADER_LENGTH);
  PACK_MAGIC.copy(header);
  header.writeUInt8(PACK_VERSION, 8);
  header.writeUInt8(type, 9);
  return header;
}

/** The type in a header; E_FORMAT for a newer version or an unknown cipher suite, E_DAMAGED otherwise. */
export function decodeHeader(header: Uint8Array): PackType {
  const bytes = asBuffer(header);
  if (bytes.length < HEADER_LENGTH || !equalBytes(bytes.subarray(0, 8), PACK_MAGIC)) {
    throw damaged('it does not begin like a pack');
  }
  if (bytes.readUInt8(8) > PACK_VERSION) throw newer(`version ${bytes.readUInt8(8)}`);
  if (bytes.readUInt8(10) !== 0) throw newer(`cipher suite ${bytes.readUInt8(10)}`);
  const type = bytes.readUInt8(9);
  const rest = bytes.readUInt8(11) | bytes.readUInt32LE(12);
  if (
    bytes.readUInt8(8) !== PACK_VERSION ||
    rest !== 0 ||
    (type !== PackType.data && type !== PackType.meta)
  ) {
    throw damaged('its header has impossible values');
  }
  return type;
}

/** The footer's bytes: a copy of the header, counts, frames, entries by (kind, ID), recipes by content. */
export function encodeFooter({ type, frames, recipes, ...footer }: Footer): Buffer {
  // The same object may have been added twice (a recipe that another one contains): one place is enough.
  const entries = footer.entries
    .toSorted(compareEntries)
    .filter((entry, i, sorted) => i === 0 || compareEntries(sorted[i - 1] ?? entry, entry) !== 0);
  const length =
    FOOTER_HEAD +
    frames.length * FRAME_RECORD +
    entries.length * ENTRY_RECORD +
    recipes.length * RECIPE_RECORD;
  const out = Buffer.alloc(length);
  encodeHeader(type).copy(out);
  let at = HEADER_LENGTH;
  for (const count of [frames.length, entries.length, recipes.length]) at = out.writeUInt32LE(count, at);
  for (const frame of frames) {
    at = out.writeUInt32LE(frame.offset, at);
    at = out.writeUInt32LE(frame.storedLength, at);
    at = out.writeUInt32LE(frame.realLength, at);
    at = out.writeUInt32LE(frame.crc, at);
    at = out.writeUInt8(frame.codec, at);
  }
  for (const entry of entries) {
    at = out.writeUInt8(entry.kind, at);
    out.set(entry.id, at);
    at = out.writeUInt32LE(entry.frame, at + 32);
    at = out.writeUInt32LE(entry.offset, at);
    at = out.writeUInt32LE(entry.length, at);
  }
  for (const { content, recipe } of recipes.toSorted((a, b) => compareBytes(a.content, b.content))) {
    out.set(content, at);
    out.set(recipe, at + 32);
    at += RECIPE_RECORD;
  }
  return out;
}

/** The trailer: nonce, length of the footer, magic. */
export function encodeTrailer(nonce: Uint8Array, footerLength: number): Buffer {
  const out = Buffer.alloc(TRAILER_LENGTH);
  out.set(nonce);
  out.writeUInt32LE(footerLength, NONCE_LENGTH);
  TRAILER_MAGIC.copy(out, NONCE_LENGTH + 4);
  return out;
}

/** Reads a trailer at the end of a pack; E_DAMAGED when it is none. */
export function decodeTrailer(trailer: Uint8Array): { nonce: Uint8Array; footerLength: number } {
  const bytes = asBuffer(trailer);
  if (bytes.length !== TRAILER_LENGTH || !equalBytes(bytes.subarray(NONCE_LENGTH + 4), TRAILER_MAGIC)) {
    throw damaged('it does not end like a pack');
  }
  return { nonce: bytes.subarray(0, NONCE_LENGTH), footerLength: bytes.readUInt32LE(NONCE_LENGTH) };
}

/** The name of a pack: SHA-256(footer ‖ nonce). */
export function packName(footer: Uint8Array, nonce: Uint8Array): Digest {
  return new Sha256().update(footer).update(nonce).digest();
}

/**
 * Decodes a footer and checks everything that can be checked without the frames: order, no duplicates,
 * frames that lie side by side from the header to the footer, entries within their frames. `footerAt` is
 * where the footer begins in the pack.
 */
export function decodeFooter(footer: Uint8Array, footerAt: number): Footer {
  const bytes = asBuffer(footer);
  if (bytes.length < FOOTER_HEAD) throw damaged('its footer is too short');
  const type = decodeHeader(bytes);
  const counts = [0, 4, 8].map((step) => bytes.readUInt32LE(HEADER_LENGTH + step));
  const [frameCount = 0, entryCount = 0, recipeCount = 0] = counts;
  const expected =
    FOOTER_HEAD + frameCount * FRAME_RECORD + entryCount * ENTRY_RECORD + recipeCount * RECIPE_RECORD;
  if (bytes.length !== expected || Math.max(frameCount, entryCount, recipeCount) > PACK_ENTRIES) {
    throw damaged('the counts in its footer do not fit');
  }
  let at = FOOTER_HEAD;
  let next = HEADER_LENGTH;
  const frames = Array.from({ length: frameCount }, (): Frame => {
    const frame = decodeFrame(bytes, at);
    if (frame.offset !== next) throw damaged('its frames do not lie side by side');
    next += frame.storedLength;
    at += FRAME_RECORD;
    return frame;
  });
  if (next !== footerAt) throw damaged('its frames do not reach the footer');
  const entries: Entry[] = [];
  for (let i = 0; i < entryCount; i++, at += ENTRY_RECORD) {
    const entry = decodeEntry(bytes, at, frames);
    const previous = entries.at(-1);
    if (previous !== undefined && compareEntries(previous, entry) >= 0)
      throw damaged('its entries are unsorted');
    entries.push(entry);
  }
  const recipes: ContentRecipe[] = [];
  for (let i = 0; i < recipeCount; i++, at += RECIPE_RECORD) {
    const record = {
      content: bytes.subarray(at, at + 32),
      recipe: bytes.subarray(at + 32, at + RECIPE_RECORD),
    };
    const previous = recipes.at(-1);
    if (previous !== undefined && compareBytes(previous.content, record.content) >= 0) {
      throw damaged('its recipes are unsorted');
    }
    recipes.push(record);
  }
  return { type, frames, entries, recipes };
}

function decodeFrame(bytes: Buffer, at: number): Frame {
  const codec = bytes.readUInt8(at + 16);
  const frame = {
    offset: bytes.readUInt32LE(at),
    storedLength: bytes.readUInt32LE(at + 4),
    realLength: bytes.readUInt32LE(at + 8),
    crc: bytes.readUInt32LE(at + 12),
  };
  if (codec !== FrameCodec.plain && codec !== FrameCodec.zstd) throw newer(`frame codec ${codec}`);
  const fits = codec === FrameCodec.zstd || frame.storedLength === frame.realLength;
  if (!fits || frame.realLength > FRAME_BYTES || frame.storedLength > FRAME_BYTES) {
    throw damaged('a frame has an impossible length');
  }
  return { ...frame, codec };
}

const KINDS: readonly EntryKind[] = Object.values(EntryKind);

function decodeEntry(bytes: Buffer, at: number, frames: readonly Frame[]): Entry {
  const number = bytes.readUInt8(at);
  const kind = KINDS.find((known) => known === number);
  if (kind === undefined) throw newer(`entry kind ${number}`);
  const entry = {
    kind,
    id: bytes.subarray(at + 1, at + 33),
    frame: bytes.readUInt32LE(at + 33),
    offset: bytes.readUInt32LE(at + 37),
    length: bytes.readUInt32LE(at + 41),
  };
  const frame = frames[entry.frame];
  if (frame === undefined || entry.offset + entry.length > frame.realLength) {
    throw damaged('an entry points outside its frame');
  }
  return entry;
}

function compareEntries(a: Entry, b: Entry): number {
  return a.kind - b.kind || compareBytes(a.id, b.id);
}

function damaged(why: string): DvsError {
  return new DvsError('E_DAMAGED', `not an intact pack: ${why}`);
}

function newer(what: string): DvsError {
  return new DvsError('E_FORMAT', `this pack needs a newer dvs (${what})`, { hint: 'Update dvs.' });
}
