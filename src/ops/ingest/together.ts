import type { ReadProblem, SmallContent } from './tasks.js';

/** The same, with all hashes in one piece of memory: to send them costs by the piece more than by the byte. */
export function together(read: readonly (SmallContent | ReadProblem)[]): (SmallContent | ReadProblem)[] {
  const hashes = Buffer.concat(read.flatMap((one) => ('problem' in one ? [] : [one.digest, one.chunkIds])));
  let at = 0;
  return read.map((one) => {
    if ('problem' in one) return one;
    const between = at + one.digest.length;
    const end = between + one.chunkIds.length;
    const moved = { ...one, digest: hashes.subarray(at, between), chunkIds: hashes.subarray(between, end) };
    at = end;
    return moved;
  });
}
