import { byRule, type Rule } from '../division.js';
import type { Method } from '../method.js';
import { encodeSeededParts, parseSeededParts, type SeededParts } from '../parameters.js';
import { stableRule } from './stable.js';

/** As `stable`, by the name of the group that a sample is of: no group is divided. */
export const group: Method<SeededParts> = {
  name: 'group',
  version: 1,
  needs: ['group'],
  parse: parseSeededParts,
  encode: encodeSeededParts,
  divide: async (samples, parameters) => byRule(samples, groupRule(parameters)),
  place: async (parameters) => groupRule(parameters),
};

function groupRule(parameters: SeededParts): Rule {
  const { parts, partOf } = stableRule(parameters);
  return {
    parts,
    partOf: ({ number, key, group: name }) =>
      partOf({ number, key: name === undefined ? `s${key}` : `g${name}` }),
  };
}
