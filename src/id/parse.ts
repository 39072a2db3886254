import { asBuffer } from '../base/bytes.js';
import { DvsError } from '../base/errors.js';
import { type CID, decodeCid } from './cid.js';
import { scanStructure } from './scan.js';

/** The tag of links in DAG-CBOR. */
const LINK = 42;

/**
 * The value in CBOR `bytes`, read leniently: the caller encodes it again and compares, which finds what is not
 * canonical (long integers, unsorted or repeated keys, text that is not UTF-8). Our own reader because the
 * usual one drops a byte order mark at the start of a text. Throws as `scanStructure`; E_ENCODING for floats,
 * `undefined`, other simple values, other tags than links, and keys that are no text; whatever CID.decode
 * throws for a broken link.
 */
export function parseCbor(bytes: Uint8Array): unknown {
  scanStructure(bytes);
  return new Parser(bytes).item();
}

/** Recursive, to the depth that the scan allowed; all lengths were checked by it, too. */
class Parser {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = asBuffer(bytes);
  }

  item(): unknown {
    const initial = this.#bytes.readUInt8(this.#at++);
    const major = initial >> 5;
    if (major === 7) return simple(initial);
    const argument = this.#argument(initial & 31);
    if (major === 0) return argument;
    if (major === 1) return -1 - argument;
    if (major === 2) return new Uint8Array(this.#take(argument));
    if (major === 3) return this.#take(argument).toString('utf8');
    if (major === 4) return Array.from({ length: argument }, () => this.item());
    if (major === 5) return this.#map(argument);
    return this.#link(argument);
  }

  #map(size: number): unknown {
    const entries: [string, unknown][] = [];
    while (entries.length < size) {
      const key = this.item();
      if (typeof key !== 'string') throw refused('a key that is no text');
      entries.push([key, this.item()]);
    }
    return Object.fromEntries(entries);
  }

  #link(tag: number): CID {
    const initial = this.#bytes.readUInt8(this.#at++);
    const content = initial >> 5 === 2 ? this.#take(this.#argument(initial & 31)) : undefined;
    if (tag !== LINK || content?.[0] !== 0) throw refused('a tag that is no link');
    return decodeCid(content.subarray(1));
  }

  #take(length: number): Buffer {
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  #argument(info: number): number {
    if (info < 24) return info;
    const width = 1 << (info - 24);
    const field = this.#take(width);
    // Beyond 2⁵³ it is inexact, and as such refused by the caller.
    return width < 8 ? field.readUIntBE(0, width) : field.readUInt32BE(0) * 2 ** 32 + field.readUInt32BE(4);
  }
}

function simple(initial: number): null | boolean {
  if (initial === 0xf4) return false;
  if (initial === 0xf5) return true;
  if (initial === 0xf6) return null;
  throw refused('a float or a simple value other than false, true and null');
}

function refused(what: string): DvsError {
  return new DvsError('E_ENCODING', `not canonical DAG-CBOR: ${what}`);
}
