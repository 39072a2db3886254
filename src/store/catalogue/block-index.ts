import { asBuffer } from '../../base/bytes.js';
import { compareAt } from './block.js';

/** Where a block lies in its table, and the CRC-32 of its bytes. */
export interface Block {
  readonly offset: number;
  readonly length: number;
  readonly crc: number;
}

/** u32 length of the block, u32 its CRC-32, u16 length of its first key; then that key. */
const HEAD_LENGTH = 10;

/** The index of a table under construction: its blocks in order. */
export class BlockIndexBuilder {
  readonly #records: Buffer[] = [];

  add(length: number, crc: number, firstKey: Uint8Array): void {
    const record = Buffer.allocUnsafe(HEAD_LENGTH + firstKey.length);
    record.writeUInt32LE(length, 0);
    record.writeUInt32LE(crc, 4);
    record.writeUInt16LE(firstKey.length, 8);
    record.set(firstKey, HEAD_LENGTH);
    this.#records.push(record);
  }

  finish(): Buffer {
    return Buffer.concat(this.#records);
  }
}

/** The index of a table: which block a key is in. */
export class BlockIndex {
  readonly #bytes: Buffer;
  /** Where the record of each block begins. */
  readonly #records: number[] = [];
  /** Where each block begins in the table. */
  readonly #offsets: number[] = [];

  /** `bytes`: as built, their checksum was right. */
  constructor(bytes: Uint8Array) {
    this.#bytes = asBuffer(bytes);
    for (let at = 0, offset = 0; at < bytes.length; ) {
      this.#records.push(at);
      this.#offsets.push(offset);
      offset += this.#bytes.readUInt32LE(at);
      at += HEAD_LENGTH + this.#bytes.readUInt16LE(at + 8);
    }
  }

  get count(): number {
    return this.#records.length;
  }

  block(number: number): Block {
    const at = this.#records[number] ?? 0;
    const length = this.#bytes.readUInt32LE(at);
    return { offset: this.#offsets[number] ?? 0, length, crc: this.#bytes.readUInt32LE(at + 4) };
  }

  /** The last block that begins with `key` or before it; −1 when all begin after it. */
  blockOf(key: Uint8Array): number {
    const wanted = asBuffer(key);
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const at = this.#records[middle] ?? 0;
      const order = compareAt(this.#bytes, at + HEAD_LENGTH, this.#bytes.readUInt16LE(at + 8), wanted);
      if (order <= 0) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
