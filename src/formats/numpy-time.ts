import { plainFraction } from './plain-fraction.js';
import { Unreadable } from './unreadable.js';

const SECOND: ReadonlyMap<string, bigint> = new Map([
  ['W', 604_800n],
  ['D', 86_400n],
  ['h', 3_600n],
  ['m', 60n],
  ['s', 1n],
]);
/** Decimal digits of a second. */
const DIGITS: ReadonlyMap<string, number> = new Map([
  ['ms', 3],
  ['us', 6],
  ['ns', 9],
  ['ps', 12],
  ['fs', 15],
  ['as', 18],
]);
const UNIT = /^([1-9]\d{0,8})?(Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)$/;
const MAX_SECONDS = 8_640_000_000_000n;

/** Whether numpy knows such a unit of time: a number, if more than one are counted at once, and its short name. */
export function isTimeUnit(unit: string): boolean {
  return UNIT.test(unit);
}

/**
 * So many units since 1970 as RFC 3339 in UTC, with as many digits of a fraction as it takes.
 * Throws `Unreadable` for years beyond 0 to 9999, which RFC 3339 cannot say, and for a unit that is none.
 */
export function timeText(count: bigint, unit: string): string {
  const [, multiple = '1', name = ''] = UNIT.exec(unit) ?? [];
  const units = count * BigInt(multiple);
  if (name === 'Y') return ofMonths(units * 12n);
  if (name === 'M') return ofMonths(units);
  const digits = DIGITS.get(name) ?? 0;
  const perSecond = 10n ** BigInt(digits);
  const scaled = units * (SECOND.get(name) ?? (digits > 0 ? 1n : 0n));
  const fraction = ((scaled % perSecond) + perSecond) % perSecond;
  if (name === '') throw new Unreadable('a time without a unit has no text');
  const seconds = (scaled - fraction) / perSecond;
  const decimal = digits === 0 ? '' : `.${fraction.toString().padStart(digits, '0')}`;
  return withFraction(dateOf(seconds), plainFraction(decimal));
}

function ofMonths(months: bigint): string {
  const date = new Date(0);
  date.setUTCFullYear(1970, Number(months));
  return withFraction(date, '');
}

function dateOf(seconds: bigint): Date {
  if (seconds > MAX_SECONDS || seconds < -MAX_SECONDS) throw outside();
  return new Date(Number(seconds) * 1000);
}

function withFraction(date: Date, fraction: string): string {
  const year = date.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) throw outside();
  return `${date.toISOString().slice(0, 19)}${fraction}Z`;
}

function outside(): Unreadable {
  return new Unreadable('the time is not within the years 0 to 9999');
}
