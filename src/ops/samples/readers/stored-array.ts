import { KiB, MiB } from '../../../base/limits.js';
import { ByteReader, type Bytes, gathered } from '../../../formats/byte-reader.js';
import { named } from '../../../formats/naming.js';
import { Unreadable } from '../../../formats/unreadable.js';
import type { Selection } from '../reader.js';

/** Elements of one size that follow one another: an array along its first axis. */
export interface StoredArray {
  readonly path: string;
  /** Which of those in the file it is, where that can hold several. */
  readonly within: string | undefined;
  readonly count: number;
  /** In bytes, more than 0. */
  readonly elementSize: number;
  /** All elements and nothing after them; whatever reads them throws `Unreadable`. */
  readonly bytes: Bytes;
  /** Whether a stretch of `bytes` costs unpacking everything before it. */
  readonly isPacked: boolean;
}

/** A sample is read into memory whole, once or twice. */
export const MAX_SAMPLE = 128 * MiB;

const READ_ALONG = 64 * KiB;

/**
 * The length of the first axis, and the bytes of an element. Throws `Unreadable` where that is none, for elements
 * that have no bytes, of which any number would fit any file, and for those that are too large.
 */
export function elementsOf(
  shape: readonly number[],
  valueSize: number,
): { readonly count: number; readonly elementSize: number } {
  const [count, ...inner] = shape;
  if (count === undefined)
    throw new Unreadable('it is a single value without an axis, and so has no samples');
  const elementSize = inner.reduce((product, length) => product * length, valueSize);
  if (elementSize > MAX_SAMPLE) {
    throw new Unreadable(`its elements take ${elementSize} bytes; no more than ${MAX_SAMPLE} can be read`);
  }
  if (elementSize === 0 && count > 0) throw new Unreadable('its elements have no bytes');
  return { count, elementSize };
}

/** Where in an array something is, for messages: `[17]` as in Python, counted from 0. */
export function placeIn({ within }: StoredArray, element: number): string {
  return within === undefined ? `element [${element}]` : `${within}, element [${element}]`;
}

/** Reads an array from front to back; E_DATA names its file and the element. */
export class ArrayReader {
  readonly #array: StoredArray;
  readonly #reader: ByteReader;

  constructor(array: StoredArray) {
    this.#array = array;
    this.#reader = new ByteReader(array.bytes.stream());
  }

  /** The bytes of the next `count` elements; E_DATA when there are fewer. */
  take(count: number): Promise<Uint8Array> {
    return this.#naming(async () => {
      const length = count * this.#array.elementSize;
      const bytes = await this.#reader.take(length);
      if (bytes.length < length) throw new Unreadable('it breaks off');
      return bytes;
    });
  }

  /** Goes on to an element that was not passed yet. */
  skipTo(element: number): Promise<void> {
    return this.#naming(async () => {
      const length = element * this.#array.elementSize - this.#reader.position;
      if ((await this.#reader.skip(length)) < length) throw new Unreadable('it breaks off');
    });
  }

  /** E_DATA when there is more than there should be. */
  end(): Promise<void> {
    return this.#naming(async () => {
      if (!(await this.#reader.isAtEnd())) throw new Unreadable('more follows than its header says');
    });
  }

  close(): Promise<void> {
    return this.#reader.close();
  }

  async #naming<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      const element = Math.floor(this.#reader.position / Math.max(1, this.#array.elementSize));
      throw named(this.#array.path, placeIn(this.#array, element), error);
    }
  }
}

/** The bytes of one element. E_DATA when the file does not hold it. */
export async function readElement(array: StoredArray, element: number): Promise<Uint8Array> {
  const { elementSize, count, bytes } = array;
  try {
    const found = element < count ? await bytes.range(element * elementSize, elementSize) : undefined;
    if (found?.length === elementSize) return found;
    throw new Unreadable('it breaks off before');
  } catch (error) {
    throw named(array.path, placeIn(array, element), error);
  }
}

/** The bytes of chosen elements, one after another. */
export function chosenElements(array: StoredArray, selection: Selection): AsyncIterable<Uint8Array> {
  return gathered(array.isPacked ? passing(array, selection) : hopping(array, selection), READ_ALONG);
}

/** From front to back, which is how packed bytes come; again from the front for a place before the last one. */
async function* passing(
  array: StoredArray,
  selection: Selection,
): AsyncGenerator<Uint8Array, void, undefined> {
  let reader = new ArrayReader(array);
  let next = 0;
  try {
    for await (const { at } of selection.places()) {
      if (at < next) {
        await reader.close();
        reader = new ArrayReader(array);
      }
      await reader.skipTo(at);
      yield await reader.take(1);
      next = at + 1;
    }
  } finally {
    await reader.close();
  }
}

/** With some of what follows each read along, as the next is often there. */
async function* hopping(
  array: StoredArray,
  selection: Selection,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { elementSize: size, count, path } = array;
  const together = Math.max(1, Math.min(selection.count, Math.floor(READ_ALONG / size)));
  let first = 0;
  let window: Uint8Array = new Uint8Array();
  for await (const { at } of selection.places()) {
    const start = (at - first) * size;
    if (start < 0 || start + size > window.length) {
      first = at;
      window = await array.bytes.range(at * size, Math.min(together, count - at) * size);
      if (window.length < size) throw named(path, placeIn(array, at), new Unreadable('it breaks off before'));
      yield window.subarray(0, size);
    } else yield window.subarray(start, start + size);
  }
}
