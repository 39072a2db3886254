/** A count of things, as messages have it: `1 sample`, `2 samples`. */
export function countOf(number: number | bigint, thing: string): string {
  return `${number} ${thing}${BigInt(number) === 1n ? '' : 's'}`;
}
