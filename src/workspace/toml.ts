import { parse, TomlError } from 'smol-toml';
import { DvsError } from '../base/errors.js';

export type Table = { readonly [key: string]: unknown };

/** Nesting of a table or list inside a value; none of ours has any. */
const MAX_DEPTH = 32;
const CONFLICT = /^(?:<{7}|\|{7}|={7}|>{7})(?:[ \r]|$)/;

/** Reads TOML. E_ENCODING with the line at fault, also for the marks of an unfinished git merge. */
export function parseToml(file: string, text: string): Table {
  try {
    return parse(text, { maxDepth: MAX_DEPTH });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const conflict = text.split('\n').findIndex((line) => CONFLICT.test(line));
    if (conflict >= 0) {
      throw new DvsError('E_ENCODING', `${file}, line ${conflict + 1}: a merge was not finished`, {
        about: [file],
        hint: 'For each path keep the block of one side, remove the lines <<<<<<<, ======= and >>>>>>>, and save.',
      });
    }
    const [what = ''] = error.message.replace('Invalid TOML document: ', '').split('\n', 1);
    throw new DvsError('E_ENCODING', `${file}, line ${error.line}: ${what}`, {
      about: [file],
      cause: error,
      hint: 'Correct that line in an editor, or take the file from git or a copy again.',
    });
  }
}

/** True for a decoded table: not a list, date or plain value. */
export function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
