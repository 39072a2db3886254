/** An entry while sorting: four bytes of a record, times this, plus which record it is. All of it is exact in 53 bits. */
const NUMBERS = 2 ** 21;
/** So few equal ones are put in order by comparing them. */
const FEW = 16;

/**
 * Fills `order` with the numbers of the first `order.length` (at most 2²¹) records of `width` bytes in the byte order
 * of the records. Sorts by four bytes after the other, most significant first: numbers are sorted natively, many times
 * faster than with a comparing function, and what is equal so far is sorted by the next four. So it takes
 * O(n · log n · width) however much is equal.
 */
export function sortRun(bytes: Uint8Array, width: number, order: Float64Array): void {
  for (let i = 0; i < order.length; i++) order[i] = i;
  sortFrom(bytes, width, order, 0);
  for (let i = 0; i < order.length; i++) order[i] = numberOf(order[i] ?? 0);
}

/** Sorts entries whose records are the same before the byte `depth`. It nests no deeper than `width` / 4. */
function sortFrom(bytes: Uint8Array, width: number, order: Float64Array, depth: number): void {
  const end = Math.min(depth + 4, width);
  for (let i = 0; i < order.length; i++) {
    const number = numberOf(order[i] ?? 0);
    let word = 0;
    for (let at = number * width + depth; at < number * width + end; at++)
      word = word * 256 + (bytes[at] ?? 0);
    order[i] = word * NUMBERS + number;
  }
  order.sort();
  if (end === width) return;
  for (let from = 0; from < order.length; ) {
    const word = Math.floor((order[from] ?? 0) / NUMBERS);
    const beyond = (word + 1) * NUMBERS;
    let to = from + 1;
    while (to < order.length && (order[to] ?? 0) < beyond) to++;
    if (to - from > FEW) sortFrom(bytes, width, order.subarray(from, to), end);
    else if (to - from > 1) insertionSort(bytes, width, order, from, to, end);
    from = to;
  }
}

function insertionSort(
  bytes: Uint8Array,
  width: number,
  order: Float64Array,
  from: number,
  to: number,
  depth: number,
): void {
  for (let i = from + 1; i < to; i++) {
    const entry = order[i] ?? 0;
    const start = numberOf(entry) * width;
    let at = i;
    for (; at > from; at--) {
      const before = order[at - 1] ?? 0;
      if (!isLess(bytes, start, numberOf(before) * width, depth, width)) break;
      order[at] = before;
    }
    order[at] = entry;
  }
}

function isLess(bytes: Uint8Array, a: number, b: number, depth: number, width: number): boolean {
  for (let i = depth; i < width; i++) {
    const difference = (bytes[a + i] ?? 0) - (bytes[b + i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function numberOf(entry: number): number {
  return entry - Math.floor(entry / NUMBERS) * NUMBERS; // many times faster than %
}
