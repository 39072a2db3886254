/** The bytes of one file, wherever they are. */
export interface FileBytes {
  readonly size: number;
  /** All of it, in order. */
  stream(): AsyncIterable<Uint8Array>;
  /** A stretch of it, shorter where it ends before; in memory of its own. */
  range(offset: number, length: number): Promise<Uint8Array>;
}
