import type { LogicalType, ParquetType, SchemaElement, TimeUnit } from 'hyparquet/src/types.js';
import { Unreadable } from '../unreadable.js';

/** A single value as it lies in a file; INT96 and both kinds of byte arrays as bytes. */
export type Physical = boolean | number | bigint | Uint8Array;

/** How many digits of a second there are. */
export type Digits = 3 | 6 | 9;

/** What the values of a leaf mean, whatever they are stored as. */
export type Scalar =
  | { readonly kind: 'boolean' | 'float' | 'half' | 'date' | 'int96' | 'string' | 'bytes' }
  | { readonly kind: 'integer'; readonly unsigned: 0 | 32 | 64 }
  | { readonly kind: 'decimal'; readonly scale: number }
  | { readonly kind: 'timestamp' | 'time'; readonly digits: Digits };

const MAX_SCALE = 1000;
const HALF_BYTES = 2;

/** What the annotations of a leaf say; those that do not fit what it is stored as say nothing, as in the specification. */
export function scalarOf(element: SchemaElement, type: ParquetType): Scalar {
  if (type === 'BOOLEAN') return { kind: 'boolean' };
  if (type === 'FLOAT' || type === 'DOUBLE') return { kind: 'float' };
  if (type === 'INT96') return { kind: 'int96' };
  const { converted_type: converted, logical_type: logical } = element;
  if (logical?.type === 'DECIMAL' || converted === 'DECIMAL') {
    const scale = (logical?.type === 'DECIMAL' ? logical.scale : element.scale) ?? 0;
    if (!Number.isInteger(scale) || scale < 0 || scale > MAX_SCALE)
      throw new Unreadable(`a decimal has ${scale} digits behind the point`);
    return { kind: 'decimal', scale };
  }
  if (type === 'INT32' || type === 'INT64') return wholeNumber(converted ?? '', logical, type);
  if (type === 'BYTE_ARRAY') {
    const text = ['STRING', 'ENUM', 'JSON'].includes(logical?.type ?? '');
    return { kind: text || ['UTF8', 'ENUM', 'JSON'].includes(converted ?? '') ? 'string' : 'bytes' };
  }
  const isHalf = logical?.type === 'FLOAT16' && element.type_length === HALF_BYTES;
  return { kind: isHalf ? 'half' : 'bytes' };
}

const DIGITS: { readonly [unit in TimeUnit]: Digits } = { MILLIS: 3, MICROS: 6, NANOS: 9 };

function wholeNumber(converted: string, logical: LogicalType | undefined, type: ParquetType): Scalar {
  if (logical?.type === 'DATE' || converted === 'DATE') return { kind: 'date' };
  if (logical?.type === 'TIMESTAMP') return { kind: 'timestamp', digits: DIGITS[logical.unit] };
  if (logical?.type === 'TIME') return { kind: 'time', digits: DIGITS[logical.unit] };
  if (converted === 'TIMESTAMP_MILLIS') return { kind: 'timestamp', digits: 3 };
  if (converted === 'TIMESTAMP_MICROS') return { kind: 'timestamp', digits: 6 };
  if (converted === 'TIME_MILLIS') return { kind: 'time', digits: 3 };
  if (converted === 'TIME_MICROS') return { kind: 'time', digits: 6 };
  const unsigned = logical?.type === 'INTEGER' ? !logical.isSigned : converted.startsWith('UINT_');
  return { kind: 'integer', unsigned: unsigned ? (type === 'INT32' ? 32 : 64) : 0 };
}

/** An instant: whole seconds since 1970 in UTC, and what is behind them. */
export interface Instant {
  readonly seconds: bigint;
  readonly nanoseconds: number;
}

const BILLION = 1_000_000_000n;
const DAY_SECONDS = 86_400n;
/** The Julian day of 1970-01-01. */
const EPOCH_DAY = 2_440_588n;

/** The instant of a time stamp, or of the midnight that a date begins with. */
export function instantOf(value: Physical, scalar: Scalar): Instant {
  if (scalar.kind === 'timestamp') return fromNanoseconds(asBigInt(value) * 10n ** BigInt(9 - scalar.digits));
  if (!(value instanceof Uint8Array)) return { seconds: asBigInt(value) * DAY_SECONDS, nanoseconds: 0 };
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  const day = BigInt(view.getInt32(8, true)) - EPOCH_DAY;
  return fromNanoseconds(day * DAY_SECONDS * BILLION + view.getBigInt64(0, true));
}

function fromNanoseconds(value: bigint): Instant {
  const nanoseconds = ((value % BILLION) + BILLION) % BILLION;
  return { seconds: (value - nanoseconds) / BILLION, nanoseconds: Number(nanoseconds) };
}

/** A time of day in nanoseconds since midnight. */
export function timeOf(value: Physical, digits: Digits): bigint {
  return asBigInt(value) * 10n ** BigInt(9 - digits);
}

/** An integer, with the sign that its column gives it; a number where it is surely exact. */
export function integerOf(value: Physical, unsigned: 0 | 32 | 64): number | bigint {
  if (typeof value === 'number') return unsigned === 32 ? value >>> 0 : value;
  return unsigned === 64 ? BigInt.asUintN(64, asBigInt(value)) : asBigInt(value);
}

/** Far more than any precision there is; big integers take time that grows with the square of their length. */
const MAX_DECIMAL_BYTES = 256;

/** A decimal without its point: an integer, or its bytes in two's complement, the highest first. */
export function unscaledOf(value: Physical): bigint {
  if (!(value instanceof Uint8Array)) return asBigInt(value);
  if (value.length > MAX_DECIMAL_BYTES) throw new Unreadable(`a decimal takes ${value.length} bytes`);
  if (value.length === 0) return 0n;
  return BigInt.asIntN(8 * value.length, BigInt(`0x${Buffer.from(value).toString('hex')}`));
}

/** A FLOAT16 as a number: IEEE 754 binary16, little-endian. */
export function halfOf(value: Physical): number {
  const [low = 0, high = 0] = value instanceof Uint8Array ? value : [];
  const sign = high & 0x80 ? -1 : 1;
  const exponent = (high >> 2) & 31;
  const fraction = ((high & 3) << 8) | low;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

function asBigInt(value: Physical): bigint {
  return value instanceof Uint8Array ? 0n : BigInt(value);
}
