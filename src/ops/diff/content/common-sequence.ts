import type { Record } from './record.js';

/** Differences that are searched through among records that are in both lists; time and memory grow with its square. */
const MOST_DIFFERENCES = 1024;

export interface CommonSequence {
  /** Records that stay: their places in both lists, both ascending. */
  readonly pairs: readonly (readonly [number, number])[];
  /** False when the search was given up before the ends of the lists: nothing is said of what follows the last pair. */
  readonly isComplete: boolean;
}

/**
 * The longest common subsequence of two lists: what only one of them has is left out first, then it is Myers' greedy
 * algorithm ("An O(ND) Difference Algorithm and Its Variations", 1986), given up after so many differences with the
 * path that came furthest.
 */
export function commonSequence(before: readonly Record[], after: readonly Record[]): CommonSequence {
  const numbers = new Map<Record, number>();
  const left = before.map((record) => numberOf(numbers, record));
  const known = numbers.size;
  const right = after.map((record) => numberOf(numbers, record));
  const inRight = new Uint8Array(numbers.size);
  for (const number of right) inRight[number] = 1;
  const x = placesWhere(left, (number) => inRight[number] === 1);
  const y = placesWhere(right, (number) => number < known);
  const { matches, isComplete } = myers(
    x.map((i) => left[i] ?? -1),
    y.map((j) => right[j] ?? -2),
  );
  return { pairs: matches.map(([i, j]): [number, number] => [x[i] ?? 0, y[j] ?? 0]), isComplete };
}

function numberOf(numbers: Map<Record, number>, record: Record): number {
  const number = numbers.get(record) ?? numbers.size;
  numbers.set(record, number);
  return number;
}

function placesWhere(list: readonly number[], wanted: (number: number) => boolean): number[] {
  return list.flatMap((number, i) => (wanted(number) ? [i] : []));
}

function myers(
  a: readonly number[],
  b: readonly number[],
): { matches: [number, number][]; isComplete: boolean } {
  const most = Math.min(a.length + b.length, MOST_DIFFERENCES);
  /** For each number of differences d: how far the path on diagonal k came, at k + d. */
  const trace: Int32Array[] = [];
  let reached = new Int32Array(1);
  for (let d = 0; d <= most; d++) {
    const now = new Int32Array(2 * d + 1);
    for (let k = -d; k <= d; k += 2) {
      const [below, above] = [reached[k + d - 2] ?? -1, reached[k + d] ?? -1];
      let x = d === 0 ? 0 : k === -d || (k !== d && below < above) ? above : below + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      now[k + d] = x;
      if (x >= a.length && x - k >= b.length) {
        trace.push(now);
        return { matches: walkBack(trace, d, k), isComplete: true };
      }
    }
    trace.push(now);
    reached = now;
  }
  const best = furthest(reached, a.length, b.length, most);
  return { matches: best === undefined ? [] : walkBack(trace, most, best), isComplete: false };
}

/** The diagonal on which most of both lists was passed, of those whose path stays within them. */
function furthest(reached: Int32Array, lengthA: number, lengthB: number, d: number): number | undefined {
  let best: number | undefined;
  let most = -1;
  for (let k = -d; k <= d; k += 2) {
    const x = reached[k + d] ?? 0;
    if (x <= lengthA && x - k <= lengthB && 2 * x - k > most) [best, most] = [k, 2 * x - k];
  }
  return best;
}

/** The records that the path to diagonal `k` with `d` differences passes on both sides, in order. */
function walkBack(trace: readonly Int32Array[], d: number, k: number): [number, number][] {
  const matches: [number, number][] = [];
  let diagonal = k;
  for (let left = d; left >= 0; left--) {
    const x = trace[left]?.[diagonal + left] ?? 0;
    const previous = trace[left - 1];
    const [below, above] = [previous?.[diagonal + left - 2] ?? -1, previous?.[diagonal + left] ?? -1];
    const isDown = diagonal === -left || (diagonal !== left && below < above);
    const start = left === 0 ? 0 : isDown ? above : below + 1;
    for (let at = x - 1; at >= start; at--) matches.push([at, at - diagonal]);
    diagonal += isDown ? 1 : -1;
  }
  return matches.reverse();
}
