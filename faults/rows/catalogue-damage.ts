import { runRounds } from '../catalogue/rounds.js';
import { type Row, scaled } from '../row.js';

const ROUNDS = 10_000;
/** Rounds of one process. */
const BATCH = 250;

export const catalogueDamage: Row = {
  name: 'catalogue-damage',
  what: 'bits flipped, ends and files lost, zeros, files swapped in the catalogue, before each set of questions',
  figure:
    '`resolve`, `ls`, `cat`, `log` and `show` answer right all the same; no process ends before its time',
  async run(options) {
    const rounds = scaled(ROUNDS, options);
    const failures: string[] = [];
    let done = 0;
    const kinds = new Set<string>();
    while (done < rounds) {
      const batch = await runRounds(options.seed, { first: done, rounds: Math.min(BATCH, rounds - done) });
      for (const { round, done: what, wrong } of batch) {
        kinds.add(what);
        if (wrong !== undefined) failures.push(`seed ${options.seed}, round ${round}, ${what}: ${wrong}`);
      }
      done += batch.length;
      options.report(`${done} damaged catalogues, ${failures.length} wrong`);
    }
    return { counts: { 'damaged catalogues': done, 'kinds of damage': kinds.size }, failures };
  },
};
