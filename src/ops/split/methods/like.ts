import { DvsError } from '../../../base/errors.js';
import { CID, isContentId } from '../../../id/cid.js';
import { type Carried, carryOver } from '../carry.js';
import type { SampleList } from '../facts.js';
import type { DivideOptions, Method } from '../method.js';
import { badParameters, fieldsOf } from '../parameters.js';

export interface LikeParameters {
  /** The split that is carried over. */
  readonly split: CID;
}

/** Carries the split that `DivideOptions.old` gives over to other samples: see `carryOver`. */
export const like: Method<LikeParameters> = {
  name: 'like',
  version: 1,
  needs: [],
  parse(value) {
    const { split } = fieldsOf(value, ['split']);
    if (!(split instanceof CID) || isContentId(split))
      throw badParameters('a split that is carried over has the ID of a split');
    return { split };
  },
  encode: ({ split }) => ({ split }),
  divide: (samples, _, options): Promise<Carried> => divideLike(samples, options),
  async place() {
    throw new DvsError('E_INTERNAL', 'a carried split was given as the way that the first one was made');
  },
};

async function divideLike(samples: SampleList, { old, scratch }: DivideOptions): Promise<Carried> {
  if (old === undefined) {
    throw new DvsError('E_USAGE', 'the split to carry over is not at hand', {
      hint: 'Fetch it first.',
    });
  }
  return carryOver(old, samples, scratch);
}
