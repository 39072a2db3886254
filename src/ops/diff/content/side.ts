/** The bytes of one side of a modified file, wherever they are. */
export interface Side {
  readonly size: number;
  /** All of it, in order. */
  stream(): AsyncIterable<Uint8Array>;
  /** A stretch of it, shorter where it ends before; in memory of its own. */
  range(offset: number, length: number): Promise<Uint8Array>;
}

/** Both sides of a modified file. */
export interface Sides {
  readonly before: Side;
  readonly after: Side;
}

/** The first `length` bytes of both sides. */
export async function headsOf({ before, after }: Sides, length: number): Promise<readonly Uint8Array[]> {
  return [await before.range(0, length), await after.range(0, length)];
}

/** The same side, telling how many bytes of it were streamed. */
export function counted({ size, stream, range }: Side, tell: (bytes: number) => void): Side {
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
