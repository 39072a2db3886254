import { DvsError } from '../../base/errors.js';
import { content } from './checks/content.js';
import { group } from './checks/group.js';
import { normalised } from './checks/normalised.js';
import type { LeakCheck } from './sample.js';

/** THE list of checks for leaks. */
const CHECKS: readonly LeakCheck[] = [content, normalised, group];

export const LEAK_CHECKS: readonly string[] = CHECKS.map(({ name }) => name);

/** The checks with these names, or all. E_USAGE for a name that none has. */
export function chooseChecks(names: readonly string[]): readonly LeakCheck[] {
  const unknown = names.find((name) => !LEAK_CHECKS.includes(name));
  if (unknown !== undefined) {
    throw new DvsError('E_USAGE', `there is no check ${unknown}`, {
      hint: `Checks are: ${LEAK_CHECKS.join(', ')}.`,
    });
  }
  return names.length === 0 ? CHECKS : CHECKS.filter(({ name }) => names.includes(name));
}
