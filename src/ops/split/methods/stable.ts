import { byRule, plainParts, type Rule } from '../division.js';
import type { Method } from '../method.js';
import { encodeSeededParts, parseSeededParts, type SeededParts } from '../parameters.js';
import { firstBefore, splitDigest, uOf, weightEnds } from '../u.js';

/** By the hash of its key alone: new samples move no old one, and equal keys are in one part. Sizes are near their shares. */
export const stable: Method<SeededParts> = {
  name: 'stable',
  version: 1,
  needs: [],
  parse: parseSeededParts,
  encode: encodeSeededParts,
  divide: async (samples, parameters) => byRule(samples, stableRule(parameters)),
  place: async (parameters) => stableRule(parameters),
};

export function stableRule({ seed, parts, weights }: SeededParts): Rule {
  const digest = splitDigest(seed);
  const ends = weightEnds(weights);
  return { parts: plainParts(parts), partOf: ({ key }) => firstBefore(ends, uOf(digest(key))) };
}
