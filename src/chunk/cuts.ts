import { nextCandidate } from './candidates.js';
import { MAX_CHUNK, MIN_CHUNK } from './limits.js';

/** The first candidate in `from..to`, counted from the beginning of the stretch; undefined if none is there. */
type Find = (from: number, to: number) => number | undefined;

/**
 * Decides where the chunks of one file end, given stretch after stretch of it in order. A chunk ends at the
 * first candidate that makes it at least `MIN_CHUNK` long, else at `MAX_CHUNK`, else with the file.
 *
 * This is the published Xet rule (https://huggingface.co/docs/xet/chunking, and xet-core since its pull
 * request 487): a candidate closer than `MIN_CHUNK` to the start of its chunk does not count, so candidates
 * do not depend on cuts and can be found in parallel. `@huggingface/xetchunk-wasm` up to 0.2.0 gets this
 * wrong in about one chunk of a thousand (huggingface.js issue 2421).
 *
 * All results are offsets in the file, in bytes: the end of each chunk that is now certain.
 */
export class Cutter {
  /** Where the chunk in hand begins, and how far the file has been seen. */
  #start = 0;
  #seen = 0;

  /**
   * Takes the next `length` bytes of the file by their candidates: ascending, each p in 1..`length` for "a
   * chunk may end before byte p of this stretch".
   */
  push(candidates: readonly number[], length: number): number[] {
    let next = 0;
    return this.#resolve(length, (from) => {
      while ((candidates[next] ?? Number.POSITIVE_INFINITY) < from) next++;
      return candidates[next];
    });
  }

  /**
   * Takes the next bytes of the file, `bytes` from index `from` on, and looks for candidates itself, only
   * where one can matter: slower than the scanner, but no data can make it slow or large. The bytes before
   * `from` are those before them in the file, 64 or as many as there are.
   */
  pushBytes(bytes: Uint8Array, from = 0): number[] {
    return this.#resolve(bytes.length - from, (first, last) => {
      const found = nextCandidate(bytes, from + first, from + last);
      return found === undefined ? undefined : found - from;
    });
  }

  /** The end of the last chunk, unless the file is empty or a cut is there already. */
  finish(): number[] {
    return this.#seen > this.#start ? [this.#seen] : [];
  }

  #resolve(length: number, find: Find): number[] {
    const base = this.#seen;
    this.#seen = base + length;
    const cuts: number[] = [];
    for (;;) {
      const from = Math.max(this.#start + MIN_CHUNK, base + 1);
      const to = Math.min(this.#start + MAX_CHUNK, this.#seen);
      if (from > to) return cuts;
      const candidate = find(from - base, to - base) ?? Number.POSITIVE_INFINITY;
      const cut = Math.min(base + candidate, this.#start + MAX_CHUNK);
      if (cut > this.#seen) return cuts;
      cuts.push(cut);
      this.#start = cut;
    }
  }
}
