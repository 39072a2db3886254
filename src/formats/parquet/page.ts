import type { Encoding } from 'hyparquet/src/types.js';
import { MiB } from '../../base/limits.js';
import { Unreadable } from '../unreadable.js';
import { deltaLengths, deltaNumbers, deltaStrings } from './delta.js';
import { bitsFor, decodeHybrid } from './levels.js';
import type { Leaf } from './shape.js';
import { decodePlain, decodeSplit, looked, numbers, truths, type Values } from './values.js';

/** Decompresses a page to exactly `length` bytes; throws whatever comes to it. */
export type Unpack = (bytes: Uint8Array, length: number) => Uint8Array;

/** What a page says of itself. */
export interface PageHead {
  readonly kind: 'data' | 'dictionary' | 'other';
  /** Of what follows the head in the file. */
  readonly stored: number;
  readonly unpacked: number;
  readonly values: number;
  /** How many rows it has, where it says so: then it begins and ends with whole ones. */
  readonly rows: number | undefined;
  readonly encoding: Encoding;
  /** Of version 2: its levels lie before what is compressed. */
  readonly levels: { readonly rep: number; readonly def: number } | undefined;
  readonly isPacked: boolean;
}

/** Decoded values of a column, with their levels; levels are undefined where all are the highest. */
export interface Page {
  readonly count: number;
  readonly reps: Uint8Array | undefined;
  readonly defs: Uint8Array | undefined;
  readonly values: Values;
  /** About how much memory it takes. */
  readonly bytes: number;
}

/** A page is unpacked at once, so this bounds what a column takes; tools make pages of a mebibyte. */
const MAX_PAGE = 256 * MiB;
/** Tools make pages of some ten thousand values; those with one and the same value have a million. */
export const MAX_PAGE_VALUES = 2 ** 24;

/** What the library reads of the head of a page; it checks nothing. */
type RawHead = ReturnType<typeof import('hyparquet/src/column.js').parquetHeader>;

export function pageHead(raw: RawHead): PageHead {
  const { data_page_header: v1, data_page_header_v2: v2, dictionary_page_header: dictionary } = raw;
  const kind =
    raw.type === 'DICTIONARY_PAGE' ? 'dictionary' : /^DATA_PAGE/.test(raw.type ?? '') ? 'data' : 'other';
  const own = raw.type === 'DATA_PAGE' ? v1 : raw.type === 'DATA_PAGE_V2' ? v2 : dictionary;
  if (kind !== 'other' && own === undefined) throw new Unreadable('its head lacks a part');
  if (v1 !== undefined && [v1.definition_level_encoding, v1.repetition_level_encoding].includes('BIT_PACKED'))
    throw new Unreadable('its levels are written in a way that was given up (BIT_PACKED)');
  const isV2 = raw.type === 'DATA_PAGE_V2' && v2 !== undefined;
  const head = {
    kind,
    stored: bounded(raw.compressed_page_size, MAX_PAGE),
    unpacked: bounded(raw.uncompressed_page_size, MAX_PAGE),
    values: kind === 'other' ? 0 : bounded(own?.num_values, MAX_PAGE_VALUES),
    rows: isV2 ? bounded(v2.num_rows, MAX_PAGE_VALUES) : undefined,
    encoding: own?.encoding ?? 'PLAIN',
    levels: isV2
      ? {
          rep: bounded(v2.repetition_levels_byte_length, MAX_PAGE),
          def: bounded(v2.definition_levels_byte_length, MAX_PAGE),
        }
      : undefined,
    isPacked: !isV2 || v2.is_compressed !== false,
  } as const;
  const levels = (head.levels?.rep ?? 0) + (head.levels?.def ?? 0);
  if (levels > head.stored || levels > head.unpacked)
    throw new Unreadable('its levels are larger than it is');
  return head;
}

function bounded(value: unknown, most: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0)
    throw new Unreadable(`its head has ${String(value)} for a size`);
  if (value > most) throw new Unreadable(`its head says ${value}, more than ${most} is not read at once`);
  return value;
}

export function decodeDictionary(body: Uint8Array, head: PageHead, leaf: Leaf, unpack: Unpack): Values {
  return decodePlain(unpack(body, head.unpacked), leaf, head.values);
}

/** Decodes what follows the head of a data page. */
export function decodePage(
  body: Uint8Array,
  head: PageHead,
  { leaf, unpack, dictionary }: { leaf: Leaf; unpack: Unpack; dictionary: Values | undefined },
): Page {
  const { levels, values: count } = head;
  const own = levels === undefined ? 0 : levels.rep + levels.def;
  const isPacked = head.isPacked && head.unpacked > own;
  const rest = isPacked ? unpack(body.subarray(own), head.unpacked - own) : body.subarray(own);
  let at = 0;
  const lengthAt = (): number => {
    if (rest.length - at < 4) throw new Unreadable('it breaks off');
    const view = new DataView(rest.buffer, rest.byteOffset + at, 4);
    at += 4;
    return view.getUint32(0, true);
  };
  const take = (highest: number, from: number, length: number | undefined): Uint8Array | undefined => {
    if (highest === 0) return undefined;
    const out = new Uint8Array(count);
    if (length === undefined) {
      const size = lengthAt();
      decodeHybrid(rest.subarray(at, at + size), bitsFor(highest), out);
      at += size;
    } else decodeHybrid(body.subarray(from, from + length), bitsFor(highest), out);
    for (const level of out)
      if (level > highest) throw new Unreadable('it has a level that its column has not got');
    return out;
  };
  const reps = take(leaf.rep, 0, levels?.rep);
  const defs = take(leaf.def, levels?.rep ?? 0, levels?.def);
  let present = count;
  if (defs !== undefined) for (const level of defs) if (level < leaf.def) present--;
  const values = decodeValues(rest.subarray(at), head.encoding, { leaf, count: present, dictionary });
  if (values.length !== present) throw new Unreadable('it holds another number of values than it says');
  return { count, reps, defs, values, bytes: head.unpacked + 10 * count };
}

interface Wanted {
  readonly leaf: Leaf;
  readonly count: number;
  readonly dictionary: Values | undefined;
}

const NONE = numbers(new Int32Array(0));

function decodeValues(bytes: Uint8Array, encoding: Encoding, { leaf, count, dictionary }: Wanted): Values {
  const { type } = leaf;
  if (count === 0) return NONE;
  if (encoding === 'PLAIN') return decodePlain(bytes, leaf, count);
  if (encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY') {
    if (dictionary === undefined) throw new Unreadable('it has no dictionary');
    const places = new Uint32Array(count);
    decodeHybrid(bytes.subarray(1), bytes[0] ?? 0, places);
    return looked(dictionary, places);
  }
  if (encoding === 'RLE' && type === 'BOOLEAN') {
    const out = new Uint8Array(count);
    decodeHybrid(bytes.subarray(4), 1, out);
    return truths(out);
  }
  if (encoding === 'BYTE_STREAM_SPLIT') return decodeSplit(bytes, leaf, count);
  if (encoding === 'DELTA_BINARY_PACKED' && (type === 'INT32' || type === 'INT64'))
    return deltaNumbers(bytes, type, count);
  if (encoding === 'DELTA_LENGTH_BYTE_ARRAY' && type === 'BYTE_ARRAY') return deltaLengths(bytes, 0, count);
  if (encoding === 'DELTA_BYTE_ARRAY' && (type === 'BYTE_ARRAY' || leaf.width > 0)) {
    const values = deltaStrings(bytes, count, MAX_PAGE);
    for (let i = 0; i < count && leaf.width > 0; i++) {
      const value = values.at(i);
      if (value instanceof Uint8Array && value.length !== leaf.width)
        throw new Unreadable('a value has another length');
    }
    return values;
  }
  throw new Unreadable(`its encoding ${encoding} is not known for ${type}`);
}
