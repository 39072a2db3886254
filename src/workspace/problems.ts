import { DvsError, type ErrorCode, isDvsError } from '../base/errors.js';

const LISTED = 20;
/** What is wrong with one path, so that the next can still be looked at. */
const COLLECTED: readonly ErrorCode[] = [
  'E_PATH',
  'E_PATH_RESERVED',
  'E_SYMLINK',
  'E_TYPE',
  'E_ACCESS',
  'E_CHANGED',
];

/** Gathers what is wrong with many paths, to be told at once. */
export class Problems {
  readonly #found: DvsError[] = [];

  /** Does `act` and returns what it does; undefined when that failed because of one path. */
  attempt<T>(act: () => T): T | undefined {
    try {
      return act();
    } catch (error) {
      if (!isDvsError(error, ...COLLECTED)) throw error;
      this.#found.push(error);
      if (this.#found.length === LISTED) throw this.#asOne();
      return undefined;
    }
  }

  /** Throws the one error that stands for all, with the code of the first, when there were any. */
  throwIfAny(): void {
    if (this.#found.length > 0) throw this.#asOne();
  }

  #asOne(): unknown {
    const [first] = this.#found;
    const count = this.#found.length;
    if (first === undefined || count === 1) return first;
    const many = count === LISTED ? `at least ${count}` : count;
    return new DvsError(first.code, `${many} paths cannot be taken in; the first: ${first.message}`, {
      cause: first,
      about: this.#found.map(({ message }) => message),
      ...(first.hint === undefined ? {} : { hint: first.hint }),
    });
  }
}
