import { hostname, userInfo } from 'node:os';
import type { Clock } from '../src/base/clock.js';
import { DvsError } from '../src/base/errors.js';

/** Who is named in the log: the variable DVS_USER, else user and host, as git guesses them. */
export function whoAmI(): string {
  const { DVS_USER: chosen } = process.env;
  return chosen || `${userName()}@${hostname()}`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown'); // a container may run under a number without a name
  }
}

/** The time; stands still at the variable DVS_NOW, so that tests and documents can be repeated. */
export function makeClock(): Clock {
  const { DVS_NOW: fixed } = process.env;
  if (!fixed) return Date.now;
  const now = Date.parse(fixed);
  if (Number.isNaN(now)) {
    throw new DvsError('E_USAGE', `DVS_NOW is no time: ${fixed}`, {
      hint: 'Write it as 2026-01-02T03:04:05Z, or unset it.',
    });
  }
  return () => now;
}
