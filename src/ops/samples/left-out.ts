/** Columns that do not count; notes which of them there are. */
export class LeftOut {
  readonly #names: ReadonlySet<string>;
  readonly #unseen: Set<string>;

  constructor(names: readonly string[]) {
    this.#names = new Set(names);
    this.#unseen = new Set(names);
  }

  /** Whether a column of some sample does not count. */
  has(name: string): boolean {
    if (!this.#names.has(name)) return false;
    this.#unseen.delete(name);
    return true;
  }

  /** Those that no sample had. */
  get unseen(): readonly string[] {
    return [...this.#unseen];
  }
}
