import type { FileBytes } from '../../../formats/file-bytes.js';

/** Both sides of a modified file. */
export interface Sides {
  readonly before: FileBytes;
  readonly after: FileBytes;
}

/** The first `length` bytes of both sides. */
export async function headsOf({ before, after }: Sides, length: number): Promise<readonly Uint8Array[]> {
  return [await before.range(0, length), await after.range(0, length)];
}

/** The same side, telling how many bytes of it were streamed. */
export function counted({ size, stream, range }: FileBytes, tell: (bytes: number) => void): FileBytes {
  return {
    size,
    range,
    async *stream() {
      for await (const piece of stream()) {
        tell(piece.length);
        yield piece;
      }
    },
  };
}
