/** What stands left of the lines of one node. */
export interface GraphRows {
  /** Rows above it, where lines come together that all lead to it. */
  readonly above: readonly string[];
  /** Before its first line. */
  readonly node: string;
  /** Rows below its first line, from which lines to its other parents leave. */
  readonly below: readonly string[];
  /** Before its other lines. */
  readonly rest: string;
}

/**
 * Draws lines from nodes to their parents, a node at a time, each before its parents. Every line keeps to its column
 * until it reaches its parent; a column that is free is used again.
 */
export class Graph {
  /** For each column the node that its line leads to; undefined when it is free. */
  #columns: (string | undefined)[] = [];

  add(node: string, parents: readonly string[]): GraphRows {
    const leading = this.#columns.flatMap((target, i) => (target === node ? [i] : []));
    const own = leading[0] ?? this.#free(0);
    const above: string[] = [];
    for (const column of leading.slice(1).toReversed()) {
      above.push(this.#connect(own, column, '╯'));
      this.#columns[column] = undefined;
    }
    this.#columns[own] = node;
    this.#trim();
    const row = this.#row((column) => (column === own ? '*' : '│'));
    const [first, ...others] = parents;
    this.#columns[own] = first;
    const below: string[] = [];
    for (const parent of others) {
      const known = this.#columns.findIndex((target, i) => target === parent && i !== own);
      const column = known < 0 ? this.#free(own + 1) : known;
      this.#columns[column] = parent;
      below.push(this.#connect(own, column, known < 0 ? '╮' : '┤'));
    }
    const rest = this.#row(() => '│');
    this.#trim();
    return { above, node: row, below, rest };
  }

  #free(from: number): number {
    const found = this.#columns.findIndex((target, i) => target === undefined && i >= from);
    return found < 0 ? Math.max(from, this.#columns.length) : found;
  }

  /** A row with a line across, from a node's column to another one, which it meets in `end` when that is to the right. */
  #connect(own: number, other: number, end: string): string {
    const [left, right] = own < other ? [own, other] : [other, own];
    const cells = Array.from({ length: Math.max(this.#columns.length, right + 1) }, (_, i) => {
      const isLive = this.#columns[i] !== undefined;
      if (i < left || i > right) return isLive ? '│ ' : '  ';
      if (i === left) return '├─';
      if (i === right) return own < other ? `${end} ` : '┤ ';
      return isLive ? '┼─' : '──';
    });
    return cells.join('').trimEnd();
  }

  #row(sign: (column: number) => string): string {
    return this.#columns.map((target, i) => (target === undefined ? '  ' : `${sign(i)} `)).join('');
  }

  #trim(): void {
    const last = this.#columns.findLastIndex((target) => target !== undefined);
    this.#columns = this.#columns.slice(0, last + 1);
  }
}
