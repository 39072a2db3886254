import { type EntryKind, FRAME_BYTES, type PackType } from './layout.js';
import { type FinishedPack, PackWriter, type Piece } from './writer.js';

/** An object to store. Its bytes must stay as they are until `flush`. */
export interface StoredObject {
  readonly kind: EntryKind;
  readonly id: Uint8Array;
  readonly bytes: Uint8Array;
  /** For a recipe: the content it leads to. */
  readonly content?: Uint8Array;
}

/**
 * Gathers objects into frames and frames into packs, opening the next pack when one is full. Neighbours that
 * also lie side by side in memory are compressed from where they are, without a copy.
 */
export class PackSpool {
  readonly #folder: string;
  readonly #type: PackType;
  readonly #finished: Promise<FinishedPack>[] = [];
  #writer: PackWriter | undefined;
  #run: StoredObject[] = [];
  #runLength = 0;

  constructor(folder: string, type: PackType) {
    this.#folder = folder;
    this.#type = type;
  }

  add(object: StoredObject): void {
    if (this.#runLength + object.bytes.length > FRAME_BYTES) this.flush();
    this.#run.push(object);
    this.#runLength += object.bytes.length;
  }

  /** Writes the open frame. The bytes given to `add` may be reused afterwards. */
  flush(): void {
    const run = this.#run;
    if (run.length === 0) return;
    if (this.#writer !== undefined && !this.#writer.fits(this.#runLength, run.length)) this.#finishPack();
    this.#writer ??= new PackWriter(this.#folder, this.#type);
    let offset = 0;
    const pieces = run.map(({ kind, id, bytes }): Piece => {
      const piece = { kind, id, offset, length: bytes.length };
      offset += bytes.length;
      return piece;
    });
    this.#writer.append(joined(run.map(({ bytes }) => bytes)), pieces);
    for (const { id, content } of run) {
      if (content !== undefined) this.#writer.addRecipe({ content, recipe: id });
    }
    this.#run = [];
    this.#runLength = 0;
  }

  /** The packs that were full, durable by now; each is handed out once. */
  completed(): Promise<FinishedPack[]> {
    return Promise.all(this.#finished.splice(0));
  }

  /** Completes every pack and makes them durable. */
  finish(): Promise<FinishedPack[]> {
    this.flush();
    this.#finishPack();
    return this.completed();
  }

  /** Gives up the open pack; its folder, with the complete ones, is the caller's to remove. */
  abort(): void {
    this.#run = [];
    this.#writer?.abort();
    this.#writer = undefined;
  }

  #finishPack(): void {
    if (this.#writer === undefined) return;
    const finished = this.#writer.finish();
    finished.catch(() => {}); // reported by finish(); until then it must not count as unhandled
    this.#finished.push(finished);
    this.#writer = undefined;
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first, ...others] = parts;
  if (first === undefined) return new Uint8Array(0);
  let end = first.byteOffset + first.byteLength;
  for (const part of others) {
    if (part.buffer !== first.buffer || part.byteOffset !== end) return Buffer.concat(parts);
    end += part.byteLength;
  }
  return new Uint8Array(first.buffer, first.byteOffset, end - first.byteOffset);
}
