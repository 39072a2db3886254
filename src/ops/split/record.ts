import type { RecordSorter } from '../../base/record-sorter.js';

/** Bytes of a sample's number in records. */
export const NUMBER_BYTES = 6;

/** Writes an integer in `bytes` bytes (at most six), the most significant first. Returns where it ends. */
export function putInteger(target: Uint8Array, at: number, value: number, bytes: number): number {
  let rest = value;
  for (let i = at + bytes - 1; i >= at; i--) {
    const next = Math.floor(rest / 256);
    target[i] = rest - next * 256;
    rest = next;
  }
  return at + bytes;
}

export function takeInteger(source: Uint8Array, at: number, bytes: number): number {
  let value = 0;
  for (let i = at; i < at + bytes; i++) value = value * 256 + (source[i] ?? 0);
  return value;
}

/** Writes the first `bytes` bytes of a digest. Returns where they end. */
export function putDigest(target: Uint8Array, at: number, digest: string, bytes: number): number {
  for (let i = 0; i < bytes; i++) target[at + i] = digest.charCodeAt(i);
  return at + bytes;
}

/** Whether the same `length` bytes lie at `a` of `one` and at `b` of `other`. */
export function isSame(one: Uint8Array, a: number, other: Uint8Array, b: number, length: number): boolean {
  for (let i = length - 1; i >= 0; i--) if (one[a + i] !== other[b + i]) return false;
  return true;
}

/** The records of a sorter, one at a time, without anything made for each. */
export class RecordCursor {
  /** Where the record lies that it stands at: in `bytes` from `at`, until `next`. */
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  isAtEnd = false;
  readonly #width: number;
  readonly #batches: Generator<Uint8Array, void, undefined>;

  constructor(sorter: RecordSorter) {
    this.#width = sorter.width;
    this.#batches = sorter.sorted();
    this.#load();
  }

  next(): void {
    this.at += this.#width;
    if (this.at >= this.bytes.length) this.#load();
  }

  /** Compares the first `length` bytes with those of another. What is at the end comes after all. */
  compare(other: RecordCursor, length: number): number {
    if (this.isAtEnd || other.isAtEnd) return Number(this.isAtEnd) - Number(other.isAtEnd);
    for (let i = 0; i < length; i++) {
      const difference = (this.bytes[this.at + i] ?? 0) - (other.bytes[other.at + i] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  /** Whether it stands at a record that begins with these bytes. */
  startsWith(bytes: Uint8Array): boolean {
    return !this.isAtEnd && isSame(this.bytes, this.at, bytes, 0, bytes.length);
  }

  /** The first `length` bytes, copied to `target`. */
  copyTo(target: Uint8Array, length: number): void {
    for (let i = 0; i < length; i++) target[i] = this.bytes[this.at + i] ?? 0;
  }

  #load(): void {
    const { value } = this.#batches.next();
    this.isAtEnd = value === undefined;
    this.bytes = value ?? new Uint8Array(0);
    this.at = 0;
  }
}
