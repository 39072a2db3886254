import { DvsError } from '../../base/errors.js';

/** What methods may go by beside keys. */
export type Need = 'label' | 'group' | 'time' | 'part';

/** What is known of a sample. All text is well-formed. */
export interface SampleFacts {
  readonly number: number;
  readonly key: string;
  /** Of its (first) file, for errors. */
  readonly path?: string | undefined;
  readonly label?: string | undefined;
  readonly group?: string | undefined;
  readonly time?: string | undefined;
  /** The value of the column that `from-column` goes by. */
  readonly part?: string | undefined;
}

/** The samples to split (all of them or those of a part), ascending by number; can be gone through as often as wanted. */
export interface SampleList {
  /** How many there are. */
  readonly count: number;
  /** Every number is below. */
  readonly total: number;
  facts(): AsyncIterable<readonly SampleFacts[]>;
}

/** The same samples; a list that does not keep its word (order, bounds, count) ends with E_INTERNAL. */
export function trusted(samples: SampleList): SampleList {
  const { count, total } = samples;
  return {
    count,
    total,
    async *facts() {
      let before = -1;
      let seen = 0;
      for await (const batch of samples.facts()) {
        for (const { number } of batch) {
          if (!(number > before && number < total && Number.isInteger(number)))
            throw new DvsError('E_INTERNAL', `sample ${number} comes after ${before}, of ${total}`);
          before = number;
        }
        seen += batch.length;
        yield batch;
      }
      if (seen !== count) throw new DvsError('E_INTERNAL', `there are ${seen} samples instead of ${count}`);
    },
  };
}

/** A sample as messages name it. */
export function sampleName({ number, key, path }: SampleFacts): string {
  const where = path === undefined || path === key ? '' : `${path}, `;
  return `${where}sample ${number} (key ${JSON.stringify(key.slice(0, 200))})`;
}

/** E_DATA: a sample that cannot be divided. */
export function badSample(sample: SampleFacts, why: string, hint: string): DvsError {
  return new DvsError('E_DATA', `${sampleName(sample)} ${why}`, { about: [sample.key], hint });
}
