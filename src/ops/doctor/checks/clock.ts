import { fileSystemNow } from '../../../workspace/fresh.js';
import { type Check, note, ok } from '../check.js';

/** What two clocks may differ before it is worth a word. */
const FINE_MS = 2000;

export const clock: Check = {
  name: 'clock',
  async *run({ bench, clock: now, store }) {
    if (bench === undefined) return;
    const ahead = Number(fileSystemNow(bench) / 1_000_000n) - now();
    if (Math.abs(ahead) <= FINE_MS) yield ok('this machine and its files go by the same time');
    else {
      yield note(
        `files get a time ${seconds(ahead)} ${ahead > 0 ? 'ahead of' : 'behind'} the clock of dvs`,
        'Set the clock of this machine or of its file server (NTP). Nothing is lost, but times in the log mislead.',
      );
    }
    const head = await newest(store);
    if (head !== undefined && head - now() > FINE_MS) {
      yield note(
        `the newest commit is dated ${seconds(head - now())} in the future`,
        'It was made on a machine whose clock was ahead, or this one is behind.',
      );
    }
  },
};

/** The time of the newest commit; undefined without one, or where another check says what is wrong. */
async function newest(opening: Parameters<Check['run']>[0]['store']): Promise<number | undefined> {
  try {
    const log = (await opening)?.log;
    const entry = log === undefined ? undefined : await log.read(await log.head());
    return entry === undefined ? undefined : Date.parse(entry.time);
  } catch {
    return undefined;
  }
}

function seconds(ms: number): string {
  return `${Math.round(Math.abs(ms) / 1000)} s`;
}
