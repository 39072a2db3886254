import { MOST_LABELS } from './sample-set.js';

/** Numbers labels in the order in which they come, as long as they are few enough. */
export class LabelTable {
  readonly #numbers = new Map<string, number>();

  /** The number of a label; of no use once there are too many. */
  numberOf(label: string): number {
    const known = this.#numbers.get(label);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    if (number <= MOST_LABELS) this.#numbers.set(label, number);
    return number;
  }

  /** By number; undefined when there are too many to be worth keeping. */
  get labels(): string[] | undefined {
    return this.#numbers.size > MOST_LABELS ? undefined : [...this.#numbers.keys()];
  }
}
