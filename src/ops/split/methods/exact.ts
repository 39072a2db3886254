import { divideByQuota } from '../by-quota.js';
import { oneLabel } from '../labels.js';
import type { Method } from '../method.js';
import { encodeSeededParts, parseSeededParts, type SeededParts } from '../parameters.js';
import { splitDigest } from '../u.js';
import { stableRule } from './stable.js';

/** Sizes within one of their share. Another number of samples may move old ones, unless the split is carried over. */
export const exact: Method<SeededParts> = {
  name: 'exact',
  version: 1,
  needs: [],
  parse: parseSeededParts,
  encode: encodeSeededParts,
  divide: async (samples, parameters, { scratch }) =>
    divideByQuota(samples, parameters, oneLabel(samples), splitDigest(parameters.seed), scratch),
  place: async (parameters) => stableRule(parameters),
};
