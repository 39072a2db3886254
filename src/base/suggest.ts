/** How many suggestions an error lists. */
const LISTED = 5;

/** What is told longer than this, nobody mistyped. */
const LONGEST = 200;

/**
 * The candidates nearest to what was typed, best first: those that contain it, of which it is most, or that are a
 * few edits away.
 */
export function suggest(typed: string, candidates: Iterable<string>): string[] {
  const near: { candidate: string; distance: number }[] = [];
  const wanted = typed.toLowerCase();
  if (wanted.length > LONGEST) return [];
  const most = Math.max(1, Math.floor(typed.length / 3));
  for (const candidate of candidates) {
    const given = candidate.toLowerCase();
    if (given.length > LONGEST) continue;
    const distance = isPart(wanted, given) ? 0 : editDistance(wanted, given);
    if (distance <= most) near.push({ candidate, distance });
  }
  near.sort((a, b) => a.distance - b.distance);
  const [{ distance: best } = { distance: 0 }] = near;
  const close = near.filter(({ distance }) => distance <= best + 1);
  return close.slice(0, LISTED).map(({ candidate }) => candidate);
}

/** `Did you mean a, b?`, or undefined when nothing comes near. */
export function didYouMean(typed: string, candidates: Iterable<string>): string | undefined {
  const near = suggest(typed, candidates);
  return near.length === 0 ? undefined : `Did you mean ${near.join(', ')}?`;
}

function isPart(wanted: string, given: string): boolean {
  return given.includes(wanted) || (wanted.includes(given) && given.length * 2 >= wanted.length);
}

/** Levenshtein distance, one row at a time; two neighbours that changed places count as one edit. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwapped) least = Math.min(least, (before[j - 2] ?? 0) + 1);
      next.push(least);
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
