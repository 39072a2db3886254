import { CID } from './cid.js';
import type { Value, ValueMap } from './value.js';

const FIRST_ROOM = 4096;
/** Multibase prefix of a CID in a link: the identity. */
const LINK_PREFIX = 0;
const LINK_TAG = 42;

/**
 * The canonical DAG-CBOR of a value that `assertHoldable` let pass: shortest heads, map keys by length, then
 * byte order, links as tag 42. RFC 8949, and https://ipld.io/specs/codecs/dag-cbor/spec/.
 */
export function serialiseCbor(value: Value): Uint8Array {
  writer.begin();
  writer.item(value);
  return writer.done();
}

/** Recursive, to the depth that the caller allowed. */
class Writer {
  #bytes = Buffer.allocUnsafeSlow(FIRST_ROOM);
  #at = 0;

  begin(): void {
    this.#at = 0;
  }

  done(): Uint8Array {
    return new Uint8Array(this.#bytes.subarray(0, this.#at));
  }

  item(value: Value): void {
    if (typeof value === 'string') this.#text(value);
    else if (typeof value === 'number') this.#integer(value);
    else if (value === null) this.#head(7, 22);
    else if (typeof value === 'boolean') this.#head(7, value ? 21 : 20);
    else if (value instanceof Uint8Array) this.#byteString(value);
    else if (Array.isArray(value)) {
      this.#head(4, value.length);
      for (const item of value) this.item(item);
    } else {
      const cid = CID.asCID(value); // also one of another copy of the library
      if (cid !== null) this.#link(cid);
      else if (!(value instanceof CID)) this.#map(value);
    }
  }

  #integer(value: number): void {
    if (value >= 0) this.#head(0, value);
    else this.#head(1, -1 - value);
  }

  #text(text: string): void {
    const length = Buffer.byteLength(text);
    this.#head(3, length);
    this.#room(length);
    this.#at += this.#bytes.write(text, this.#at);
  }

  #byteString(bytes: Uint8Array): void {
    this.#head(2, bytes.length);
    this.#raw(bytes);
  }

  #link(cid: CID): void {
    this.#head(6, LINK_TAG);
    this.#head(2, cid.bytes.length + 1);
    this.#room(1);
    this.#bytes[this.#at++] = LINK_PREFIX;
    this.#raw(cid.bytes);
  }

  #map(map: ValueMap): void {
    const entries = Object.entries(map).map(([key, value]) => ({ key, bytes: Buffer.from(key), value }));
    entries.sort((a, b) => a.bytes.length - b.bytes.length || Buffer.compare(a.bytes, b.bytes));
    this.#head(5, entries.length);
    for (const { key, value } of entries) {
      this.#text(key);
      this.item(value);
    }
  }

  /** Major type and argument, in as few bytes as will do. */
  #head(major: number, argument: number): void {
    this.#room(9);
    const bytes = this.#bytes;
    const initial = major << 5;
    if (argument < 24) {
      bytes[this.#at++] = initial | argument;
    } else if (argument < 0x100) {
      bytes[this.#at++] = initial | 24;
      bytes[this.#at++] = argument;
    } else if (argument < 0x10000) {
      bytes[this.#at++] = initial | 25;
      this.#at = bytes.writeUInt16BE(argument, this.#at);
    } else if (argument < 0x100000000) {
      bytes[this.#at++] = initial | 26;
      this.#at = bytes.writeUInt32BE(argument, this.#at);
    } else {
      bytes[this.#at++] = initial | 27;
      this.#at = bytes.writeUInt32BE(Math.floor(argument / 0x100000000), this.#at);
      this.#at = bytes.writeUInt32BE(argument >>> 0, this.#at);
    }
  }

  #raw(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  #room(length: number): void {
    if (this.#at + length <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + length));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}

/** One for all: most values are small, and there are millions. Its room stays what the largest took. */
const writer = new Writer();
