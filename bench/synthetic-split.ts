/**
 * Splits samples that are made up on the way, for a row to measure it as a process of its own:
 *
 *   node synthetic-split.js <stable|exact> <samples> <folder for temporary files>
 */
import { Scratch } from '#src/base/scratch.js';
import type { SampleFacts, SampleList } from '#src/ops/split/facts.js';
import { recipe } from '#src/ops/split/method.js';
import { exact } from '#src/ops/split/methods/exact.js';
import { stable } from '#src/ops/split/methods/stable.js';

const BATCH = 4096;

const [name, samples = '', folder = ''] = process.argv.slice(2);
const count = Number(samples);
const list: SampleList = {
  count,
  total: count,
  async *facts() {
    for (let from = 0; from < count; from += BATCH) {
      const batch: SampleFacts[] = [];
      for (let number = from; number < Math.min(count, from + BATCH); number++)
        batch.push({ number, key: `images/${String(number).padStart(9, '0')}.png` });
      yield batch;
    }
  },
};
const scratch = new Scratch(folder);
const method = name === 'exact' ? exact : stable;
const asked = recipe(method, { seed: '42', parts: ['train', 'val', 'test'], weights: [8, 1, 1] });
const division = await asked.divide(list, { scratch });
let assigned = 0;
for await (const { numbers } of division.assigned()) assigned += numbers.length;
scratch.close();
if (assigned !== count) throw new Error(`${assigned} of ${count} samples have a part`);
