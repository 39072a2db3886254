import { setTimeout as sleep } from 'node:timers/promises';
import { type Ended, type Surroundings, startDvs } from './dvs.js';
import type { Random } from './random.js';

/** Runs that say how long a command takes now; other work on the machine changes it. */
const REMEMBERED = 9;

/** Chooses when to kill a command, by how long it took when it was let run. */
export class Pace {
  readonly #took = new Map<string, number[]>();

  /** Notes how long `command` took to its end. */
  note(command: string, ms: number): void {
    this.#took.set(command, [...(this.#took.get(command) ?? []), ms].slice(-REMEMBERED));
  }

  /**
   * An instant of the run of `command`, in ms from its start: one in four anywhere, the others in the second
   * half, because in the first one Node starts. Some lie after the end, which is an instant, too.
   */
  instant(command: string, random: Random): number {
    const sorted = (this.#took.get(command) ?? [400]).toSorted((a, b) => a - b);
    const usual = sorted[Math.floor(sorted.length / 2)] ?? 400;
    const from = random.oneIn(4) ? 0 : 0.5;
    return usual * (from + (1.05 - from) * (random.int(1_000_000) / 1_000_000));
  }
}

export interface Killed extends Ended {
  /** False when it had ended by itself before. */
  readonly wasKilled: boolean;
  readonly ms: number;
}

/** Starts `dvs` and kills it by SIGKILL after so many milliseconds. */
export async function killedAfter(
  cwd: string,
  args: readonly string[],
  ms: number,
  surroundings?: Surroundings,
): Promise<Killed> {
  const start = performance.now();
  const running = startDvs(cwd, args, surroundings);
  const waiting = new AbortController();
  const kill = sleep(ms, undefined, { signal: waiting.signal }).then(
    () => running.process.kill('SIGKILL'),
    () => false,
  );
  const ended = await running.ended;
  waiting.abort();
  await kill;
  return { ...ended, wasKilled: ended.signal === 'SIGKILL', ms: performance.now() - start };
}
