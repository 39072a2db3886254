import { DIGEST_LENGTH, type Digest } from '../id/hash.js';

const WORDS = DIGEST_LENGTH / 4;

/**
 * A set of digests in flat memory (open addressing, at most two thirds full): a tenth of what a Set of strings
 * takes, so that millions of objects of one add fit.
 */
export class DigestSet {
  #words = new Uint32Array(1024 * WORDS);
  #used = new Uint8Array(1024);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(digest: Digest): boolean {
    return this.#used[this.#find(wordsOf(digest))] === 1;
  }

  /** True when the digest was not there before. */
  add(digest: Digest): boolean {
    const words = wordsOf(digest);
    const at = this.#find(words);
    if (this.#used[at] === 1) return false;
    this.#used[at] = 1;
    this.#words.set(words, at * WORDS);
    this.#size++;
    if (this.#size * 3 > this.#used.length * 2) this.#grow();
    return true;
  }

  #find(words: Uint32Array): number {
    const mask = this.#used.length - 1;
    let at = (words[0] ?? 0) & mask;
    while (this.#used[at] === 1 && !this.#equals(at, words)) at = (at + 1) & mask;
    return at;
  }

  #equals(at: number, words: Uint32Array): boolean {
    for (let i = 0; i < WORDS; i++) if (this.#words[at * WORDS + i] !== words[i]) return false;
    return true;
  }

  #grow(): void {
    const { length } = this.#used;
    const before = this.#words;
    const used = this.#used;
    this.#words = new Uint32Array(length * 2 * WORDS);
    this.#used = new Uint8Array(length * 2);
    for (let i = 0; i < length; i++) {
      if (used[i] !== 1) continue;
      const words = before.subarray(i * WORDS, (i + 1) * WORDS);
      const at = this.#find(words);
      this.#used[at] = 1;
      this.#words.set(words, at * WORDS);
    }
  }
}

function wordsOf(digest: Digest): Uint32Array {
  const aligned = digest.byteOffset % 4 === 0 ? digest : new Uint8Array(digest);
  return new Uint32Array(aligned.buffer, aligned.byteOffset, WORDS);
}
