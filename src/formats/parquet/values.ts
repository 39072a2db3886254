import type { ParquetType } from 'hyparquet/src/types.js';
import { asBuffer } from '../../base/bytes.js';
import { Unreadable } from '../unreadable.js';
import type { Physical } from './scalar.js';
import type { Leaf } from './shape.js';

/** Values of one column, which are there: none of them is null. */
export interface Values {
  readonly length: number;
  at(i: number): Physical;
}

type Numbers = Int32Array | BigInt64Array | Float32Array | Float64Array;

/** Numbers of a fixed width. */
export function numbers(array: Numbers): Values {
  return {
    length: array.length,
    at: (i) => array[i] ?? 0,
  };
}

/** Truth values, a byte each. */
export function truths(array: Uint8Array): Values {
  return { length: array.length, at: (i) => array[i] === 1 };
}

/** Stretches of bytes: the `i`th from `starts[i]`, `lengths[i]` long. */
export function stretches(bytes: Uint8Array, starts: Uint32Array, lengths: Uint32Array | number): Values {
  return {
    length: starts.length,
    at(i) {
      const start = starts[i] ?? 0;
      return bytes.subarray(start, start + (typeof lengths === 'number' ? lengths : (lengths[i] ?? 0)));
    },
  };
}

/** Values of a dictionary, by their places in it. */
export function looked(dictionary: Values, places: Uint32Array): Values {
  for (const place of places)
    if (place >= dictionary.length) throw new Unreadable('it names a value that its dictionary has not got');
  return { length: places.length, at: (i) => dictionary.at(places[i] ?? 0) };
}

/** How many bytes a value has, where all have as many; 0 where not. */
export function widthOf({ type, width }: Leaf): number {
  if (type === 'INT32' || type === 'FLOAT') return 4;
  if (type === 'INT64' || type === 'DOUBLE') return 8;
  return width;
}

/** Decodes `count` values one after another. `Unreadable` when there are fewer. */
export function decodePlain(bytes: Uint8Array, leaf: Leaf, count: number): Values {
  if (leaf.type === 'BOOLEAN') {
    if (bytes.length < Math.ceil(count / 8)) throw new Unreadable('it breaks off');
    return truths(Uint8Array.from({ length: count }, (_, i) => ((bytes[i >> 3] ?? 0) >> (i & 7)) & 1));
  }
  if (leaf.type === 'BYTE_ARRAY') return byteArrays(bytes, count);
  const width = widthOf(leaf);
  if (bytes.length < count * width) throw new Unreadable('it breaks off');
  if (leaf.width > 0)
    return stretches(
      bytes,
      Uint32Array.from({ length: count }, (_, i) => i * width),
      width,
    );
  return numbers(aligned(bytes.subarray(0, count * width), leaf.type));
}

/** The same numbers, with the first bytes of all first, then the second ones … (BYTE_STREAM_SPLIT). */
export function decodeSplit(bytes: Uint8Array, leaf: Leaf, count: number): Values {
  const width = widthOf(leaf);
  if (width === 0) throw new Unreadable(`its encoding is not for ${leaf.type}`);
  if (bytes.length < count * width) throw new Unreadable('it breaks off');
  const joined = new Uint8Array(count * width);
  for (let b = 0; b < width; b++)
    for (let i = 0; i < count; i++) joined[i * width + b] = bytes[b * count + i] ?? 0;
  return decodePlain(joined, leaf, count);
}

function byteArrays(bytes: Uint8Array, count: number): Values {
  if (bytes.length < count * 4) throw new Unreadable('it breaks off');
  const buffer = asBuffer(bytes);
  const starts = new Uint32Array(count);
  const lengths = new Uint32Array(count);
  let at = 0;
  for (let i = 0; i < count; i++) {
    const length = at + 4 <= bytes.length ? buffer.readUInt32LE(at) : Number.POSITIVE_INFINITY;
    if (length > bytes.length - at - 4) throw new Unreadable('it breaks off');
    starts[i] = at + 4;
    lengths[i] = length;
    at += 4 + length;
  }
  return stretches(bytes, starts, lengths);
}

/** Numbers as they lie in the file, little-endian as every machine that Node runs on. */
function aligned(bytes: Uint8Array, type: ParquetType): Numbers {
  const { buffer } = Uint8Array.from(bytes);
  if (type === 'INT32') return new Int32Array(buffer);
  if (type === 'INT64') return new BigInt64Array(buffer);
  return type === 'FLOAT' ? new Float32Array(buffer) : new Float64Array(buffer);
}
