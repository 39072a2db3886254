import { asBuffer, utf8 } from '../../../base/bytes.js';
import { sha256 } from '../../../id/hash.js';

const FIRST_ROOM = 1024;

/**
 * Which texts came before, in 8 bytes each (16 while it grows): the first 64 bits of their SHA-256 in an open table. Among ten million
 * texts two that differ are taken for one in 3 of a million cases.
 */
export class Seen {
  #table = new BigUint64Array(FIRST_ROOM);
  #count = 0;

  /** Whether `text` was not there before. */
  add(text: string): boolean {
    if (this.#count * 2 >= this.#table.length) this.#grow();
    // 0 marks what is free.
    const isNew = put(this.#table, asBuffer(sha256(utf8(text))).readBigUInt64LE(0) || 1n);
    if (isNew) this.#count++;
    return isNew;
  }

  #grow(): void {
    const larger = new BigUint64Array(2 * this.#table.length);
    for (const value of this.#table) if (value !== 0n) put(larger, value);
    this.#table = larger;
  }
}

function put(table: BigUint64Array, value: bigint): boolean {
  let at = Number(value % BigInt(table.length));
  for (let found = table[at]; found !== 0n; found = table[at]) {
    if (found === value) return false;
    at = (at + 1) % table.length;
  }
  table[at] = value;
  return true;
}
