import { compareUtf8 } from '../../../base/bytes.js';
import { DvsError } from '../../../base/errors.js';
import { byRule, type PartName, plainParts, type Rule } from '../division.js';
import { badSample, type SampleFacts } from '../facts.js';
import type { Method } from '../method.js';
import { badParameters, fieldsOf, isPartName, MOST_PARTS } from '../parameters.js';

export interface ColumnParameters {
  /** Where the name of its part is found for a sample: what it means is for whoever gives the facts to say. */
  readonly column: string;
}

const COLUMN_BYTES = 1100;

/** By a column that names the part of each sample. Parts are in byte order of their names. */
export const fromColumn: Method<ColumnParameters> = {
  name: 'from-column',
  version: 1,
  needs: ['part'],
  parse(value) {
    const { column } = fieldsOf(value, ['column']);
    if (typeof column !== 'string' || column === '' || column.length > COLUMN_BYTES)
      throw badParameters('the column that names the part is no text of usual length');
    return { column };
  },
  encode: ({ column }) => ({ column }),
  divide: async (samples) => byRule(samples, await columnRule([], samples.facts())),
  place: (_, old, newcomers) => columnRule(old.parts, newcomers()),
};

/** The parts there are already, then those that are new. */
async function columnRule(
  old: readonly PartName[],
  samples: AsyncIterable<readonly SampleFacts[]>,
): Promise<Rule> {
  const known = old.map(({ name }) => name);
  const all = new Set(known);
  for await (const batch of samples) {
    for (const sample of batch) {
      const name = partIn(sample);
      if (all.has(name)) continue;
      all.add(checked(sample, name));
      if (all.size > MOST_PARTS) {
        throw new DvsError('E_USAGE', `the column names more than ${MOST_PARTS} parts`, {
          about: [name],
          hint: 'Choose a column that has the name of a part in each row, such as train or test.',
        });
      }
    }
  }
  const names = [...known, ...[...all].slice(known.length).sort(compareUtf8)];
  const indexes = new Map(names.map((name, index) => [name, index]));
  return {
    parts: plainParts(names),
    partOf(sample) {
      const index = indexes.get(partIn(sample));
      if (index === undefined) throw new DvsError('E_INTERNAL', 'a sample had another part before');
      return index;
    },
  };
}

function partIn(sample: SampleFacts): string {
  if (sample.part !== undefined) return sample.part;
  throw badSample(
    sample,
    'has nothing in the column that names its part',
    'Fill in the column, or choose another one.',
  );
}

function checked(sample: SampleFacts, name: string): string {
  if (isPartName(name)) return name;
  throw badSample(
    sample,
    `is in part ${JSON.stringify(name.slice(0, 120))}, which cannot name a part`,
    'Names of parts have 1 to 100 of the characters A-Z a-z 0-9 . _ - and begin with a letter or digit.',
  );
}
