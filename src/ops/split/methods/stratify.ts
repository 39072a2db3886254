import { divideByQuota } from '../by-quota.js';
import { labelsOf } from '../labels.js';
import type { Method } from '../method.js';
import { encodeSeededParts, parseSeededParts, type SeededParts } from '../parameters.js';
import { splitDigest } from '../u.js';
import { stableRule } from './stable.js';

/** As `exact` for every label: each part has its share of each, within one, and of all, within two. */
export const stratify: Method<SeededParts> = {
  name: 'stratify',
  version: 1,
  needs: ['label'],
  parse: parseSeededParts,
  encode: encodeSeededParts,
  divide: async (samples, parameters, { scratch }) =>
    divideByQuota(samples, parameters, await labelsOf(samples), splitDigest(parameters.seed), scratch),
  place: async (parameters) => stableRule(parameters),
};
