import { MiB } from '../../base/limits.js';
import { MOST_LABELS } from './sample-set.js';

/** Of all labels together: a cell may be as long as a file. */
const MOST_CHARACTERS = 4 * MiB;

/** Numbers labels in the order in which they come, as long as they are few enough. */
export class LabelTable {
  readonly #numbers = new Map<string, number>();
  #characters = 0;
  #isOver = false;

  /** The number of a label; of no use once there are too many. */
  numberOf(label: string): number {
    const known = this.#numbers.get(label);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#characters += label.length;
    if (number < MOST_LABELS && this.#characters <= MOST_CHARACTERS) this.#numbers.set(label, number);
    else this.#isOver = true;
    return number;
  }

  /** By number; undefined when there are too many to be worth keeping. */
  get labels(): string[] | undefined {
    return this.#isOver ? undefined : [...this.#numbers.keys()];
  }
}
