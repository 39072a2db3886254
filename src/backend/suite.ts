import { adoptChecks } from './suite/adopt.js';
import type { Check, Subject } from './suite/check.js';
import { fileChecks } from './suite/files.js';
import { raceChecks } from './suite/races.js';

export type { Check, Subject } from './suite/check.js';

/** What every backend must do, in no particular order; each check wants a fresh, empty subject. */
export const backendChecks: readonly Check[] = [...fileChecks, ...adoptChecks, ...raceChecks];

/**
 * Declares a test for each thing that a backend must do. `test` is that of any runner: vitest, node:test, jest.
 *
 *     describe('MyBackend', () => backendSuite(test, openEmptyBackend));
 */
export function backendSuite(
  test: (name: string, run: () => Promise<void>) => unknown,
  open: () => Promise<Subject>,
): void {
  for (const { name, run } of backendChecks) {
    test(name, async () => {
      const subject = await open();
      try {
        await run(subject);
      } finally {
        await subject.close();
      }
    });
  }
}
