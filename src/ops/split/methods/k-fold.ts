import { countOf } from '../../../base/count.js';
import { DvsError } from '../../../base/errors.js';
import { byRule, type PartName, type Rule } from '../division.js';
import type { Method } from '../method.js';
import { badParameters, fieldsOf, MOST_PARTS, parseSeed } from '../parameters.js';
import { firstBefore, foldEnds, splitDigest, uOf } from '../u.js';

export interface KFoldParameters {
  readonly seed: string;
  /** 2 … 1000. */
  readonly folds: number;
}

const LEAST = 2;

/** Every sample is in the test part of one fold, and in the train part of all others. */
export const kFold: Method<KFoldParameters> = {
  name: 'k-fold',
  version: 1,
  needs: [],
  parse(value) {
    const { seed, folds } = fieldsOf(value, ['seed', 'folds']);
    if (typeof folds !== 'number' || !Number.isInteger(folds) || folds < LEAST || folds > MOST_PARTS)
      throw badParameters(`there are ${LEAST} to ${MOST_PARTS} folds`);
    return { seed: parseSeed(seed), folds };
  },
  encode: ({ seed, folds }) => ({ seed, folds }),
  async divide(samples, parameters) {
    const { folds } = parameters;
    if (samples.count < LEAST) {
      throw new DvsError('E_USAGE', `${countOf(samples.count, 'sample')} cannot be divided into folds`, {
        hint: `There are at least ${LEAST} folds, each with a sample.`,
      });
    }
    if (folds > samples.count) {
      throw new DvsError('E_USAGE', `${folds} folds are more than the ${samples.count} samples`, {
        hint: `Choose at most ${samples.count} folds.`,
      });
    }
    return byRule(samples, foldRule(parameters));
  },
  place: async (parameters) => foldRule(parameters),
};

function foldRule({ seed, folds }: KFoldParameters): Rule {
  const digest = splitDigest(seed);
  const ends = foldEnds(folds);
  const parts: PartName[] = [];
  for (let index = 0; index < folds; index++) {
    parts.push({ name: `fold-${index}/train`, index, isComplement: true });
    parts.push({ name: `fold-${index}/test`, index, isComplement: false });
  }
  return { parts, partOf: ({ key }) => firstBefore(ends, uOf(digest(key))) };
}
