import { tmpdir } from 'node:os';
import { isDvsError } from '../../src/base/errors.js';
import { silent } from '../../src/base/progress.js';
import { Scratch } from '../../src/base/scratch.js';
import { verifyPacks } from '../../src/ops/verify/packs.js';
import { countProblems, emptyReport } from '../../src/ops/verify/report.js';
import { checkFormat } from '../../src/store/format.js';
import { LOG_START } from '../../src/store/log/log.js';
import type { Store } from '../../src/store/store.js';
import type { Question } from './questions.js';
import type { ReadRange, Recorder } from './recorder.js';

export interface FlipCounts {
  flips: number;
  found: number;
  asked: number;
  refused: number;
}

interface Asked {
  readonly question: Question;
  readonly reads: readonly ReadRange[];
}

/**
 * Flips bits of one store, each alone, and looks what comes of it. All is asked of `dvs verify`'s own code for
 * the file with the flip: `verifyAll` runs that for each file by itself, and never takes back what one of them
 * found. A question is asked again when it reads the flipped byte: what it does not read cannot change it.
 */
export class Flips {
  readonly counts: FlipCounts = { flips: 0, found: 0, asked: 0, refused: 0 };
  readonly failures: string[] = [];
  readonly #store: Store;
  readonly #recorder: Recorder;
  readonly #asked: readonly Asked[];

  private constructor(store: Store, recorder: Recorder, asked: readonly Asked[]) {
    this.#store = store;
    this.#recorder = recorder;
    this.#asked = asked;
  }

  /** Asks everything of the intact store, and notes what each question reads. */
  static async of(store: Store, recorder: Recorder, questions: readonly Question[]): Promise<Flips> {
    const asked: Asked[] = [];
    for (const question of questions) {
      let answer = '';
      const reads = await recorder.readBy(async () => {
        answer = await question.ask();
      });
      if (answer !== question.right) throw new Error(`${question.name}: ${answer} of an intact store`);
      asked.push({ question, reads });
    }
    return new Flips(store, recorder, asked);
  }

  /** Flips one bit of the file `key`, whose bytes are `intact`, and puts it right again. */
  async flip(key: string, intact: Buffer, bit: number): Promise<void> {
    this.counts.flips++;
    await this.#recorder.withFlipped(key, intact, bit, async () => {
      if (await isFound(this.#store, key)) this.counts.found++;
      else this.failures.push(`verify does not find bit ${bit} of ${key}`);
      for (const { question } of this.#asked.filter(({ reads }) => covers(reads, key, bit >> 3))) {
        this.counts.asked++;
        const answer = await answerOf(question);
        if (answer === undefined) this.counts.refused++;
        else if (answer !== question.right) {
          this.failures.push(`${question.name} with bit ${bit} of ${key} flipped: ${answer}`);
        }
      }
    });
  }
}

function covers(reads: readonly ReadRange[], key: string, byte: number): boolean {
  return reads.some((read) => read.key === key && read.offset <= byte && byte < read.offset + read.length);
}

/** The answer, undefined for a typed error; any other error is told as an answer, which is never the right one. */
async function answerOf(question: Question): Promise<string | undefined> {
  try {
    return await question.ask();
  } catch (error) {
    return isDvsError(error) && error.code !== 'E_INTERNAL' ? undefined : String(error);
  }
}

/** True when what `verifyAll` does for this file finds something. */
async function isFound(store: Store, key: string): Promise<boolean> {
  const report = emptyReport(new Scratch(tmpdir())); // of a pack this small nothing gets there
  try {
    if (key === 'format') await checkFormat(store.backend);
    else if (key.startsWith('log/')) for await (const _ of store.log.after(LOG_START));
    else await verifyPacks(store, [key.slice('packs/'.length)], report, silent);
  } catch (error) {
    return isDvsError(error);
  }
  return countProblems(report) > 0;
}
