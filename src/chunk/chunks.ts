import { Cutter } from './cuts.js';

/** A stretch of content, in bytes. */
export interface Chunk {
  readonly offset: number;
  readonly length: number;
}

/** The chunks of a whole content held in memory, in order; none for no bytes. In one thread: for small ones. */
export function chunksOf(bytes: Uint8Array): Chunk[] {
  const cutter = new Cutter();
  return between([...cutter.pushBytes(bytes), ...cutter.finish()]);
}

/** The chunks of a whole content of `length` bytes by its candidates, as a scanner found them. */
export function chunksFrom(candidates: readonly number[], length: number): Chunk[] {
  const cutter = new Cutter();
  return between([...cutter.push(candidates, length), ...cutter.finish()]);
}

function between(ends: readonly number[]): Chunk[] {
  return ends.map((end, index) => {
    const offset = ends[index - 1] ?? 0;
    return { offset, length: end - offset };
  });
}
