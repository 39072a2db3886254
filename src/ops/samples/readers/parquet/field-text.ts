import { fromUtf8 } from '../../../../base/bytes.js';
import {
  halfOf,
  type Instant,
  instantOf,
  integerOf,
  type Physical,
  type Scalar,
  timeOf,
  unscaledOf,
} from '../../../../formats/parquet/scalar.js';
import { plainFraction } from '../../../../formats/plain-fraction.js';
import { Unreadable } from '../../../../formats/unreadable.js';
import { decimalText } from './decimal-text.js';

const SECOND = 1_000_000_000n;

/**
 * A single value as text: numbers in decimal and exact, strings as they are, time stamps as RFC 3339 in UTC, bytes in
 * base64. `Unreadable` for strings that are not UTF-8, and for times that have no such text.
 */
export function fieldText(value: Physical, scalar: Scalar): string {
  switch (scalar.kind) {
    case 'boolean':
      return String(value);
    case 'integer':
      return integerOf(value, scalar.unsigned).toString();
    case 'float':
      return numberText(Number(value));
    case 'half':
      return numberText(halfOf(value));
    case 'decimal':
      return decimalText(unscaledOf(value), scalar.scale);
    case 'date':
    case 'timestamp':
    case 'int96':
      return instantText(instantOf(value, scalar), digitsOf(scalar));
    case 'time': {
      const time = timeOf(value, scalar.digits);
      const text = instantText({ seconds: time / SECOND, nanoseconds: Number(time % SECOND) }, scalar.digits);
      if (time < 0n || !text.startsWith('1970-01-01T'))
        throw new Unreadable('a time of day lies outside of the day');
      return text.slice(11, -1);
    }
    case 'string':
      return stringOf(value);
    case 'bytes':
      return bytesOf(value).toString('base64');
  }
}

/**
 * The same as the text of a column, which must not depend on what the writing tool chose: without the zeros that end a
 * fraction, and without the sign of zero.
 */
export function columnText(value: Physical, scalar: Scalar): string {
  const text = fieldText(value, scalar);
  if (scalar.kind === 'float' || scalar.kind === 'half') return text === '-0' ? '0' : text;
  return EXACT.has(scalar.kind) ? plainFraction(text) : text;
}

/** Kinds whose text has as many digits as the file keeps. */
const EXACT: ReadonlySet<Scalar['kind']> = new Set(['decimal', 'timestamp', 'int96', 'time']);

/** The shortest text that gives the same number again; zero keeps its sign. */
export function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

export function stringOf(value: Physical): string {
  const text = fromUtf8(bytesOf(value));
  if (text === undefined) throw new Unreadable('a string is not UTF-8');
  return text;
}

export function bytesOf(value: Physical): Buffer {
  return Buffer.from(value instanceof Uint8Array ? value : []);
}

function digitsOf(scalar: Scalar): number {
  if (scalar.kind === 'timestamp') return scalar.digits;
  return scalar.kind === 'int96' ? 9 : 0;
}

function instantText({ seconds, nanoseconds }: Instant, digits: number): string {
  const date = new Date(Number(seconds) * 1000);
  const year = date.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) throw new Unreadable('a time lies outside of the years 0000 to 9999');
  const fraction = String(nanoseconds).padStart(9, '0').slice(0, digits);
  return `${date.toISOString().slice(0, 19)}${digits === 0 ? '' : `.${fraction}`}Z`;
}
