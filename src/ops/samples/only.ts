/** Follows ascending numbers alongside a scan, and says which samples are among them. */
export class Only {
  readonly #batches: AsyncIterator<readonly number[]>;
  readonly #queue: (readonly number[])[] = [];
  #at = 0;
  #isDone = false;

  constructor(batches: AsyncIterable<readonly number[]>) {
    this.#batches = batches[Symbol.asyncIterator]();
  }

  /** Has all numbers below `end` at hand. */
  async upTo(end: number): Promise<void> {
    while (!this.#isDone && (this.#queue.at(-1)?.at(-1) ?? -1) < end) {
      const next = await this.#batches.next();
      if (next.done === true) this.#isDone = true;
      else if (next.value.length > 0) this.#queue.push(next.value);
    }
  }

  /** Whether a number below the last `end`, and above all asked for before, is among them. */
  has(number: number): boolean {
    for (let first = this.#queue[0]; first !== undefined; first = this.#queue[0]) {
      for (let candidate = first[this.#at]; candidate !== undefined; candidate = first[this.#at]) {
        if (candidate >= number) return candidate === number;
        this.#at++;
      }
      this.#queue.shift();
      this.#at = 0;
    }
    return false;
  }
}
