/** How many suggestions an error lists. */
const LISTED = 5;

/** The candidates nearest to what was typed, best first: those that contain it, or are a few edits away. */
export function suggest(typed: string, candidates: Iterable<string>): string[] {
  const near: { candidate: string; distance: number }[] = [];
  const wanted = typed.toLowerCase();
  for (const candidate of candidates) {
    const given = candidate.toLowerCase();
    const distance = given.includes(wanted) || wanted.includes(given) ? 0 : editDistance(wanted, given);
    if (distance <= Math.max(2, Math.floor(typed.length / 3))) near.push({ candidate, distance });
  }
  near.sort((a, b) => a.distance - b.distance);
  return near.slice(0, LISTED).map(({ candidate }) => candidate);
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
