import { rmSync } from 'node:fs';
import { type Fault, KINDS } from '../file-system/plan.js';
import { trials } from '../io/commands.js';
import { inject, type Ready, ready } from '../io/inject.js';
import { Random } from '../random.js';
import { type Row, scaled } from '../row.js';

/** Calls of one kind in one command that fail, each in a run of its own; chosen by chance where there are more. */
const MOST = 6;
/** Below this scale only a few faults in the first two commands are tried. */
const SAMPLE = 0.1;
const SAMPLED = 4;

/** Lets single calls of the file system fail, or do half of what they were asked. */
export const ioErrors: Row = {
  name: 'io-errors',
  what: 'EIO at one call of the file system, or a read or write of half the bytes, in every command',
  figure:
    'a typed error or a true success; what was there stays; the same command again works; no fsync is tried twice',
  async run({ scale, seed, report }) {
    const counts = { 'faults that fired': 0, errors: 0, 'successes all the same': 0 };
    const failures: string[] = [];
    const random = new Random(seed);
    const isSample = scale < SAMPLE;
    for (const trial of isSample ? trials.slice(0, 2) : trials) {
      const prepared = await ready(trial);
      try {
        const all = [...faultsFor(prepared, scaled(MOST, { scale }), random)];
        while (isSample && all.length > SAMPLED) all.splice(random.int(all.length), 1);
        for (const fault of all) {
          const { fired, succeeded, failures: found } = await inject(prepared, fault);
          if (fired) counts['faults that fired']++;
          if (fired) counts[succeeded ? 'successes all the same' : 'errors']++;
          for (const what of found) report(what);
          failures.push(...found.map((what) => `seed ${seed}, ${what}`));
        }
      } finally {
        rmSync(prepared.folder, { recursive: true, force: true });
      }
      report(`dvs ${trial.args.join(' ')}: ${counts['faults that fired']} faults so far`);
    }
    return { counts, failures };
  },
};

function* faultsFor({ calls }: Ready, most: number, random: Random): Generator<Fault> {
  for (const kind of KINDS) {
    for (const nth of chosen(calls[kind] ?? 0, most, random)) {
      yield { kind, nth, act: 'fail' };
      if (kind === 'write') yield { kind, nth, act: 'tear' };
      if (kind === 'write' || kind === 'read') yield { kind, nth, act: 'short' };
    }
  }
}

/** Some of the numbers from 1 to `count`, the first and the last among them. */
function chosen(count: number, most: number, random: Random): number[] {
  const all = Array.from({ length: count }, (_, i) => i + 1);
  while (all.length > most) all.splice(1 + random.int(Math.max(1, all.length - 2)), 1);
  return all;
}
