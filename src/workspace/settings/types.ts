import { isAbsolute } from 'node:path';
import { GiB } from '../../base/limits.js';
import { parseSize } from '../../base/size.js';

/** What the value of a setting may be. Values travel as text, as environment and command line have them. */
export interface SettingType<T> {
  /** What it takes, to end the sentence "It takes …". */
  readonly takes: string;
  /** All values there are, where they can be listed. */
  readonly choices?: readonly string[];
  /** True when TOML has it without quotes. */
  readonly isBare: boolean;
  /** The value; undefined for text that is none. */
  parse(text: string): T | undefined;
  /** The text of a value, where it is not just that. */
  format?(value: T): string;
}

/** Longer than any honest value. */
const LONGEST = 4096;

/** A whole number within bounds. */
export function wholeNumber(least: number, most: number): SettingType<number> {
  return {
    takes: `a whole number from ${least} to ${most}`,
    isBare: true,
    parse: (text) => {
      const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      return number >= least && number <= most ? number : undefined;
    },
  };
}

/** One of a few words. */
export function oneOf<const T extends string>(...choices: readonly T[]): SettingType<T> {
  return {
    takes: `one of: ${choices.join(', ')}`,
    choices,
    isBare: false,
    parse: (text) => choices.find((choice) => choice === text),
  };
}

/** A number of bytes. */
export const size: SettingType<number> = {
  takes: 'a size such as 20GiB, or 0',
  isBare: false,
  parse: parseSize,
  format: (bytes) => (bytes > 0 && bytes % GiB === 0 ? `${bytes / GiB}GiB` : String(bytes)),
};

/** A line of text. */
export const text: SettingType<string> = {
  takes: 'a line of text',
  isBare: false,
  parse: (line) => (line !== '' && line.length <= LONGEST && !/\p{Cc}/u.test(line) ? line : undefined),
};

/** A place on this machine. */
export const folder: SettingType<string> = {
  takes: 'the absolute path of a folder',
  isBare: false,
  parse: (path) => (isAbsolute(path) ? text.parse(path) : undefined),
};
