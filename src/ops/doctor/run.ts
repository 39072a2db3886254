import { setTimeout as sleep } from 'node:timers/promises';
import { DvsError, ioError } from '../../base/errors.js';
import { type Check, type Finding, note, type Patient, problem } from './check.js';
import { CHECKS } from './checks.js';

/** All checks together take about this long at most, */
const TOTAL_MS = 2500;
/** but each has this long, whatever the others took. */
const LEAST_MS = 400;

const SLOW = 'The disk or network is busy or very slow; try again later.';

/** A finding, and whose it is. */
export interface CheckFinding extends Finding {
  readonly check: string;
}

/** Runs all checks, one after the other: they would disturb each other's clocks. One that takes too long is left. */
export async function* examine(
  patient: Patient,
  checks: readonly Check[] = CHECKS,
): AsyncGenerator<CheckFinding> {
  const startedAt = performance.now();
  for (const check of checks) {
    const left = TOTAL_MS - (performance.now() - startedAt);
    for (const finding of await findings(check, patient, Math.max(LEAST_MS, left))) {
      yield { check: check.name, ...finding };
    }
  }
}

async function findings(check: Check, patient: Patient, limitMs: number): Promise<Finding[]> {
  const found: Finding[] = [];
  const over = new AbortController();
  const look = async (): Promise<void> => {
    for await (const finding of check.run(patient)) {
      if (over.signal.aborted) return;
      found.push(finding);
    }
  };
  const patience = async (): Promise<void> => {
    await sleep(limitMs, undefined, { signal: over.signal, ref: false });
    found.push(note(`looking took longer than ${Math.round(limitMs)} ms, and was left`, SLOW));
  };
  try {
    await Promise.race([look(), patience()]);
  } catch (error) {
    found.push(failure(ioError(error, 'looking at', check.name)));
  } finally {
    over.abort();
  }
  return found;
}

function failure(error: unknown): Finding {
  if (!(error instanceof DvsError)) throw error;
  return problem(error.message, error.hint ?? 'Correct that and run `dvs doctor` again.');
}
