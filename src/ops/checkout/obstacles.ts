/** A path that others may be beneath. */
interface Above {
  readonly path: string;
  /** Of a stranger; undefined for a file that is to be written. */
  readonly stranger: number | undefined;
}

/** Paths that a refusal names. */
export const NAMED = 1000;

/**
 * Finds the strangers that cannot stay where they are because a file must be made there, above or beneath. All
 * paths come in byte order, so those above a path are among the beginnings of it that came before: a stack.
 */
export class Obstacles {
  readonly #above: Above[] = [];
  readonly #found = new Set<number>();
  readonly paths: string[] = [];

  get size(): number {
    return this.#found.size;
  }

  /** True when stranger number `index` is one. */
  has(index: number): boolean {
    return this.#found.has(index);
  }

  /** A file that is to be written comes next. */
  file(path: string): void {
    for (const above of this.#foldersOf(path)) {
      if (above.stranger !== undefined) this.#note(above.path, above.stranger);
    }
    this.#above.push({ path, stranger: undefined });
  }

  /** A file that was never added comes next. */
  stranger(path: string, index: number): void {
    if (this.#foldersOf(path).some(({ stranger }) => stranger === undefined)) this.#note(path, index);
    this.#above.push({ path, stranger: index });
  }

  #note(path: string, index: number): void {
    if (this.#found.has(index)) return;
    this.#found.add(index);
    if (this.paths.length < NAMED) this.paths.push(path);
  }

  #foldersOf(path: string): Above[] {
    let top = this.#above.at(-1);
    while (top !== undefined && !path.startsWith(top.path)) {
      this.#above.pop();
      top = this.#above.at(-1);
    }
    return this.#above.filter((above) => path[above.path.length] === '/');
  }
}
