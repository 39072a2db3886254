import { badSample, type SampleFacts } from './facts.js';

type Kind = 'number' | 'instant';
interface Time {
  readonly kind: Kind;
  readonly bytes: Uint8Array;
}

const NUMBER = /^([+-]?)(\d+)(?:\.(\d+))?$/;
const INSTANT = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:([Zz])|([+-])(\d\d):(\d\d))$/;
const MINUTES_OF_DAY = 24 * 60;
/** Added to minutes, which are negative before 1970. */
const MINUTES_BIAS = 2 ** 40;

/**
 * Times of samples as bytes in the order of their values, none the beginning of another. All are numbers (`-1.50`: any
 * length, no exponent), or all are instants of RFC 3339. E_DATA names the sample that has none, another kind or neither.
 */
export class TimeOrder {
  #kind: Kind | undefined;

  bytesOf(sample: SampleFacts): Uint8Array {
    const { time } = sample;
    if (time === undefined) throw badSample(sample, 'has no time', 'Fill in the column, or choose another.');
    const parsed = numberTime(time) ?? instantTime(time);
    if (parsed === undefined) {
      throw badSample(
        sample,
        `has the time ${JSON.stringify(time.slice(0, 100))}, which is neither a number nor of RFC 3339`,
        'Times are integers or decimals, or such as 2024-05-01T12:30:00Z or 2024-05-01T12:30:00.25+02:00.',
      );
    }
    this.#kind ??= parsed.kind;
    if (parsed.kind !== this.#kind) {
      throw badSample(
        sample,
        `has the time ${JSON.stringify(time.slice(0, 100))}, where others have ${
          this.#kind === 'number' ? 'a number' : 'a date'
        }`,
        'Times are all numbers, or all dates with times of RFC 3339.',
      );
    }
    return parsed.bytes;
  }
}

/** Sign, how many digits there are before the point, digits, end. For negative ones all but the sign is inverted. */
function numberTime(text: string): Time | undefined {
  const [, sign, whole = '', part = ''] = NUMBER.exec(text) ?? [];
  if (sign === undefined) return undefined;
  const digits = whole.replace(/^0+/, '');
  const fraction = withoutTrailingZeros(part);
  if (digits === '' && fraction === '') return { kind: 'number', bytes: Uint8Array.of(2) };
  const bytes = Buffer.alloc(6 + digits.length + fraction.length);
  bytes.writeUInt32BE(digits.length, 1);
  bytes.write(digits + fraction, 5, 'latin1');
  if (sign === '-') for (let i = 1; i < bytes.length; i++) bytes[i] = 255 - (bytes[i] ?? 0);
  bytes[0] = sign === '-' ? 1 : 3;
  return { kind: 'number', bytes };
}

/**
 * Minutes, seconds, fraction, end. Offsets are whole minutes, so a leap second (60, at the end of a UTC day) stays after
 * the second 59 and before the next minute.
 */
function instantTime(text: string): Time | undefined {
  const fields = INSTANT.exec(text);
  if (fields === null) return undefined;
  const number = (i: number): number => Number(fields[i] ?? 0);
  const [year, month, day] = [number(1), number(2), number(3)];
  const [hour, minute, second] = [number(4), number(5), number(6)];
  const [offsetHour, offsetMinute] = [number(10), number(11)];
  if (month < 1 || month > 12 || day < 1 || day > daysOfMonth(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59) return undefined;
  const offset = (fields[9] === '-' ? -1 : 1) * (offsetHour * 60 + offsetMinute);
  const minutes = daysSince1970(year, month, day) * MINUTES_OF_DAY + hour * 60 + minute - offset;
  const isEndOfDay = (minutes + 1) % MINUTES_OF_DAY === 0;
  if (second === 60 && !isEndOfDay) return undefined;
  const fraction = withoutTrailingZeros(fields[7] ?? '');
  const bytes = Buffer.alloc(8 + fraction.length);
  bytes.writeUIntBE(minutes + MINUTES_BIAS, 0, 6);
  bytes[6] = second;
  bytes.write(fraction, 7, 'latin1');
  return { kind: 'instant', bytes };
}

function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits[end - 1] === '0') end--; // a regular expression would take quadratic time
  return digits.slice(0, end);
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function daysOfMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Of the Gregorian calendar, from the year 0 on. */
function daysSince1970(year: number, month: number, day: number): number {
  const before = year - 1;
  let days = year * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  for (let m = 1; m < month; m++) days += daysOfMonth(year, m);
  return days + day - 1 - DAYS_BEFORE_1970;
}

/** From the first day of the year 0, counted as above. */
const DAYS_BEFORE_1970 = 719_527;
