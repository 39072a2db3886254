/** Where the library takes the time from: passed in, never read. Milliseconds since the epoch. */
export type Clock = () => number;

/** `2026-01-02T03:04:05.678Z`: the only form in which times are recorded. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString();
}
