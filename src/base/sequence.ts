/**
 * Items in order, of which it is known how many there are. They can be gone through as often as wanted, and
 * need not be in memory: an array is one, and so is a `Spill`.
 */
export interface Sequence<T> extends Iterable<T> {
  readonly length: number;
}

/** The sequence of what `iterate` gives each time it is asked. */
export function sequence<T>(length: number, iterate: () => Iterator<T>): Sequence<T> {
  return { length, [Symbol.iterator]: iterate };
}
