const MOST = 5;

/** How many there were, and the lowest of them: enough to name in a message. */
export class Few {
  count = 0;
  readonly #lowest: number[] = [];

  add(value: number): void {
    this.count++;
    if (this.#lowest.length === MOST && value > (this.#lowest.at(-1) ?? 0)) return;
    this.#lowest.push(value);
    this.#lowest.sort((a, b) => a - b);
    if (this.#lowest.length > MOST) this.#lowest.pop();
  }

  has(value: number): boolean {
    return this.#lowest.includes(value);
  }
}

/** `"a", "b" and 17 more`. */
export function namesOf(shown: readonly string[], count: number): string {
  const names = shown.map((name) => JSON.stringify(name.slice(0, 200))).join(', ');
  return count > shown.length ? `${names} and ${count - shown.length} more` : names;
}
