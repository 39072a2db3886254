import { randomBytes, randomUUID } from 'node:crypto';
import { closeSync, fsync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { asBuffer, hex } from '../../base/bytes.js';
import { DvsError, ioError } from '../../base/errors.js';
import { decodeFooter, encodeFooter, encodeHeader, encodeTrailer, packName } from './footer.js';
import { packFrame } from './frame.js';
import {
  type ContentRecipe,
  type Entry,
  type EntryKind,
  FRAME_BYTES,
  type Frame,
  NONCE_LENGTH,
  PACK_BYTES,
  PACK_ENTRIES,
  type PackType,
} from './layout.js';

/** An object within the frame that is being appended. */
export interface Piece {
  readonly kind: EntryKind;
  readonly id: Uint8Array;
  /** Where it begins in the frame's real bytes. */
  readonly offset: number;
  readonly length: number;
}

/** A complete pack in a local file, durable, not yet under its name. */
export interface FinishedPack {
  readonly name: string;
  readonly path: string;
  /** Size of the file in bytes. */
  readonly size: number;
}

const fsyncFile = promisify(fsync);

/** Streams one pack to a file of its own in `folder`. Calls are synchronous: writers live in worker threads. */
export class PackWriter {
  readonly #path: string;
  readonly #type: PackType;
  readonly #frames: Frame[] = [];
  readonly #entries: Entry[] = [];
  readonly #recipes: ContentRecipe[] = [];
  #file: number | undefined;
  #offset = 0;

  constructor(folder: string, type: PackType) {
    this.#path = join(folder, `${randomUUID()}.pack`);
    this.#type = type;
    try {
      this.#file = openSync(this.#path, 'wx');
      this.#write(encodeHeader(type));
    } catch (error) {
      this.abort();
      throw ioError(error, 'creating', this.#path);
    }
  }

  /** True when a frame of `length` real bytes with `pieces` objects still fits. */
  fits(length: number, pieces: number): boolean {
    return this.#offset + length <= PACK_BYTES && this.#entries.length + pieces <= PACK_ENTRIES;
  }

  /** Appends one frame of at most `FRAME_BYTES` real bytes and the objects in it. */
  append(real: Uint8Array, pieces: readonly Piece[]): void {
    if (real.length > FRAME_BYTES)
      throw new DvsError('E_INTERNAL', `a frame of ${real.length} bytes is too long`);
    const { codec, stored, crc } = packFrame(real);
    const frame = this.#frames.length;
    const offset = this.#offset;
    this.#write(stored);
    this.#frames.push({ offset, storedLength: stored.length, realLength: real.length, codec, crc });
    for (const piece of pieces) this.#entries.push({ ...piece, frame });
  }

  /** Says which recipe, an object of this pack, leads to a content. */
  addRecipe(recipe: ContentRecipe): void {
    this.#recipes.push(recipe);
  }

  /** Writes footer and trailer, syncs and closes the file; a failed sync is final for this file. */
  async finish(): Promise<FinishedPack> {
    try {
      const footer = encodeFooter({
        type: this.#type,
        frames: this.#frames,
        entries: this.#entries,
        recipes: this.#recipes,
      });
      decodeFooter(footer, this.#offset); // a pack that could not be read must not come to be
      const nonce = randomBytes(NONCE_LENGTH);
      this.#write(footer);
      this.#write(encodeTrailer(nonce, footer.length));
      await fsyncFile(this.#open());
      const size = this.#offset;
      this.#close();
      return { name: hex(packName(footer, nonce)), path: this.#path, size };
    } catch (error) {
      this.abort();
      throw ioError(error, 'writing', this.#path);
    }
  }

  /** Gives up: closes and removes the file. */
  abort(): void {
    if (this.#file === undefined) return;
    this.#close();
    unlinkSync(this.#path);
  }

  #open(): number {
    if (this.#file === undefined) throw new DvsError('E_INTERNAL', 'this pack is closed');
    return this.#file;
  }

  #close(): void {
    const file = this.#open();
    this.#file = undefined;
    closeSync(file);
  }

  #write(bytes: Uint8Array): void {
    const file = this.#open();
    const buffer = asBuffer(bytes);
    try {
      for (let done = 0; done < buffer.length; ) {
        done += writeSync(file, buffer, done, buffer.length - done, this.#offset + done);
      }
    } catch (error) {
      throw ioError(error, 'writing', this.#path);
    }
    this.#offset += bytes.length;
  }
}
