/**
 * How far a sum of squares is from what its chi-square distribution leads one to expect, in standard deviations of a
 * normal one: the cube root of Wilson and Hilferty (1931), near enough from ten degrees of freedom on.
 */
export function deviation(chiSquare: number, degrees: number): number {
  const spread = 2 / (9 * degrees);
  return (Math.cbrt(chiSquare / degrees) - (1 - spread)) / Math.sqrt(spread);
}

/** Pearson's sum over classes of what was counted, against how often each was to be expected. */
export function chiSquare(counted: ArrayLike<number>, expected: (index: number) => number): number {
  let sum = 0;
  for (let i = 0; i < counted.length; i++) {
    const share = expected(i);
    sum += ((counted[i] ?? 0) - share) ** 2 / share;
  }
  return sum;
}
