import { badSample, type SampleFacts } from './facts.js';

type Kind = 'number' | 'instant';
interface Time {
  readonly kind: Kind;
  /** ASCII alone. */
  readonly sortable: string;
}

const NUMBER = /^([+-]?)(\d+)(?:\.(\d+))?$/;
const INSTANT = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:([Zz])|([+-])(\d\d):(\d\d))$/;
const MINUTES_OF_DAY = 24 * 60;
/** Those of the year 9999. */
const MINUTES_DIGITS = 10;
const BELOW_DIGITS = '!';
const ABOVE_DIGITS = '~';

/**
 * Times of samples as ASCII text in the order of their values, none the beginning of another. All are numbers (`-1.50`: any
 * length, no exponent), or all are instants of RFC 3339. E_DATA names the sample that has none, another kind or neither.
 */
export class TimeOrder {
  #kind: Kind | undefined;

  sortable(sample: SampleFacts): string {
    const { time } = sample;
    if (time === undefined) throw badSample(sample, 'has no time', 'Fill in the column, or choose another.');
    const parsed = numberTime(time) ?? instantTime(time);
    if (parsed === undefined) {
      throw badSample(
        sample,
        `has the time ${JSON.stringify(time.slice(0, 100))}, which is neither a number nor of RFC 3339`,
        'Times are integers or decimals, or such as 2024-05-01T12:30:00Z or 2024-05-01T12:30:00.25+02:00; a date alone is no instant: add T00:00:00Z.',
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
    return parsed.sortable;
  }
}

/**
 * Sign; how many digits there are before the point, after how many digits that has itself; digits; end. Of negative ones all
 * but the sign is inverted.
 */
function numberTime(text: string): Time | undefined {
  const [, sign, whole = '', part = ''] = NUMBER.exec(text) ?? [];
  if (sign === undefined) return undefined;
  const digits = whole.replace(/^0+/, '');
  const fraction = withoutTrailingZeros(part);
  if (digits === '' && fraction === '') return { kind: 'number', sortable: '2' };
  const length = String(digits.length);
  const sortable = `${length.length}${length}${digits}${fraction}`;
  if (sign !== '-') return { kind: 'number', sortable: `3${sortable}${BELOW_DIGITS}` };
  const inverted = sortable.replace(/./g, (digit) => String(9 - Number(digit)));
  return { kind: 'number', sortable: `1${inverted}${ABOVE_DIGITS}` };
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
  const minutes = days(year, month, day) * MINUTES_OF_DAY + hour * 60 + minute - offset;
  if (second === 60 && minutes % MINUTES_OF_DAY !== MINUTES_OF_DAY - 1) return undefined;
  const sortable = String(minutes).padStart(MINUTES_DIGITS, '0') + fields[6];
  return {
    kind: 'instant',
    sortable: sortable + withoutTrailingZeros(fields[7] ?? '') + BELOW_DIGITS,
  };
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

/** Of the Gregorian calendar, from a year before the year 0, so that an offset makes no minute negative. */
function days(year: number, month: number, day: number): number {
  const before = year + 399;
  let sum = before * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  for (let m = 1; m < month; m++) sum += daysOfMonth(year, m);
  return sum + day - 1;
}
