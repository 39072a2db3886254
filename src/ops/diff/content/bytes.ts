import { asBuffer } from '../../../base/bytes.js';
import type { FileBytes } from '../../../formats/file-bytes.js';
import type { ContentKind } from './kind.js';

/** All that can be said of contents nothing is known about. */
export interface BytesDiff {
  readonly kind: 'bytes';
  /** Sizes in bytes. */
  readonly before: number;
  readonly after: number;
  /** The first byte that differs, counted from 0; the shorter size when one side goes on where the other ends. */
  readonly firstDifference: number | undefined;
  /** Why no more is told. */
  readonly note?: string;
}

export const bytesKind: ContentKind<BytesDiff> = {
  name: 'bytes',
  matches: () => true,
  async compare({ before, after }): Promise<BytesDiff> {
    const firstDifference = await firstDifferenceOf(before, after);
    return { kind: 'bytes', before: before.size, after: after.size, firstDifference };
  },
};

/** Reads both sides up to the first byte that differs. */
async function firstDifferenceOf(a: FileBytes, b: FileBytes): Promise<number | undefined> {
  const right = b.stream()[Symbol.asyncIterator]();
  let theirs = asBuffer(new Uint8Array(0));
  let offset = 0;
  try {
    for await (const piece of a.stream()) {
      let ours = asBuffer(piece);
      while (ours.length > 0) {
        if (theirs.length === 0) {
          const next = await right.next();
          if (next.done === true) return offset;
          theirs = asBuffer(next.value);
          continue;
        }
        const length = Math.min(ours.length, theirs.length);
        const [x, y] = [ours.subarray(0, length), theirs.subarray(0, length)];
        if (!x.equals(y)) return offset + x.findIndex((byte, i) => byte !== y[i]);
        offset += length;
        ours = ours.subarray(length);
        theirs = theirs.subarray(length);
      }
    }
    return theirs.length > 0 || a.size !== b.size ? offset : undefined;
  } finally {
    await right.return?.();
  }
}
