import { DvsError } from '../../base/errors.js';
import { parseDefinition } from '../../ops/samples/definition.js';
import type { FieldSource } from '../../ops/samples/field.js';
import type { Need, SampleList } from '../../ops/split/facts.js';
import type { Repository } from '../repository.js';
import { numbersOf, type Population } from '../samples/population.js';

/** The samples of a population with what a method goes by. E_USAGE when they have no such field. */
export function sampleList(
  repo: Repository,
  population: Population,
  needs: readonly Need[],
  column?: FieldSource,
): SampleList {
  const { set, samples, part, count } = population;
  const { fields } = parseDefinition(samples.reader);
  for (const need of needs) {
    if (need !== 'part' && fields[need] === undefined) throw lacks(need);
  }
  const only = part && (() => numbersOf(population).within(0, samples.count));
  const wish = {
    key: true,
    label: needs.includes('label'),
    group: needs.includes('group'),
    time: needs.includes('time'),
    ...(column === undefined ? {} : { values: [column] }),
    ...(only === undefined ? {} : { only }),
  };
  return {
    count,
    total: samples.count,
    async *facts() {
      let items = 0;
      for await (const batch of set.scan(wish)) {
        yield column === undefined ? batch : batch.map((sample) => ({ ...sample, part: sample.values[0] }));
        items += batch.length;
        repo.progress({ phase: 'splitting', bytes: 0, items, totalItems: count, unit: 'sample' });
      }
    },
  };
}

function lacks(need: string): DvsError {
  return new DvsError('E_USAGE', `this method goes by the ${need} of samples, and these have none`, {
    hint: `Say where it comes from, with the dataset: \`--${need} <column>\`, \`--${need} parent\` or \`--${need} 'path:<expression>'\`.`,
  });
}
