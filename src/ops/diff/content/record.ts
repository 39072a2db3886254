import { KiB } from '../../../base/limits.js';
import { utf8Text } from '../../../formats/byte-text.js';
import { Sha256 } from '../../../id/hash.js';

/**
 * A line, or a row of a table: its bytes as the characters U+0000 to U+00FF, without line ending. Of what is longer than
 * `MAX_RECORD` only the beginning is kept; after it, and after a character that no byte stands for, come how much was
 * left out and the SHA-256 of that. So two records are the same exactly when their strings are.
 */
export type Record = string;

export const MAX_RECORD = 64 * KiB;
const CUT = '\u0100';

/** The beginning of a record that is too long to keep, and of which more comes piece by piece. */
export class LongRecord {
  readonly #head: string;
  readonly #hash = new Sha256();
  #left = 0;

  constructor(start: string) {
    this.#head = start.slice(0, MAX_RECORD);
    this.add(start.slice(MAX_RECORD));
  }

  add(more: string): void {
    this.#left += more.length;
    this.#hash.update(Buffer.from(more, 'latin1'));
  }

  finish(): Record {
    return `${this.#head}${CUT}${this.#left} ${Buffer.from(this.#hash.digest()).toString('hex')}`;
  }
}

/** True when a record is there from beginning to end. */
export function isWhole(record: Record): boolean {
  return !record.includes(CUT);
}

/** The text of a record, as far as it is kept; what is no UTF-8 becomes U+FFFD. */
export function textOf(record: Record): string {
  const at = record.indexOf(CUT);
  return utf8Text(at < 0 ? record : record.slice(0, at));
}

/** How many bytes of a record were left out. */
export function bytesLeftOut(record: Record): number {
  const at = record.indexOf(CUT);
  return at < 0 ? 0 : Number.parseInt(record.slice(at + 1), 10);
}
