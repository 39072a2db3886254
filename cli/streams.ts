/** What `change` makes of each item, as they come. */
export async function* map<T, U>(items: AsyncIterable<T>, change: (item: T) => U): AsyncGenerator<U> {
  for await (const item of items) yield change(item);
}

/** All items of one list, then those of another. */
export async function* chain<T>(
  first: Iterable<T> | AsyncIterable<T>,
  second: Iterable<T> | AsyncIterable<T>,
): AsyncGenerator<T> {
  yield* first;
  yield* second;
}

/** The first `most` items, or all. */
export async function* take<T>(items: AsyncIterable<T>, most = Number.POSITIVE_INFINITY): AsyncGenerator<T> {
  let left = most;
  if (left <= 0) return;
  for await (const item of items) {
    yield item;
    if (--left <= 0) return;
  }
}

/** The first `most` items of those that are at hand. */
export function* first<T>(most: number, items: Iterable<T>): Generator<T> {
  let left = most;
  if (left <= 0) return;
  for (const item of items) {
    yield item;
    if (--left <= 0) return;
  }
}
