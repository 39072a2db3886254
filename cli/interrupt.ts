import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DvsError } from '../src/base/errors.js';
import { describeOwner, ownerOf } from '../src/base/owner.js';
import { STATUS } from './exit.js';

const SIGNALS = { SIGINT: STATUS.interrupted, SIGTERM: STATUS.terminated, SIGHUP: STATUS.closed } as const;

export interface Leaving {
  /** What stays of the work so far, in a few words. */
  kept(): string;
  /** Tells it, as errors are told. */
  report(error: DvsError): void;
  /** Takes away what was drawn on the terminal. */
  clear(): void;
  /** Waits for whom the terminal was lent to; undefined when nobody has it. */
  settle(): Promise<void> | undefined;
  /** Folders of temporary files, once they are known. */
  scratch(): readonly string[];
}

/**
 * Leaves at once on Ctrl-C and the like: what was not committed did not happen, what was stays. Takes this
 * process's temporary files along; should that fail, the next command that writes removes them.
 */
export function leaveOnSignals({ kept, report, clear, settle, scratch }: Leaving): void {
  const leave = (status: number): void => {
    clear();
    const stays = kept();
    for (const folder of scratch()) sweepOwn(folder);
    const hint = 'Run the same command again to go on.';
    report(new DvsError('E_INTERRUPTED', `interrupted: ${stays}`, { hint }));
    process.exit(status);
  };
  for (const [signal, status] of Object.entries(SIGNALS)) {
    process.on(signal, () => {
      // A pager goes on reading keys after Ctrl-C; leaving before it does would give the shell half of them.
      const settled = settle();
      if (settled === undefined) leave(status);
      else void settled.then(() => leave(status));
    });
  }
}

function sweepOwn(folder: string): void {
  const self = describeOwner();
  try {
    for (const name of readdirSync(folder)) {
      const owner = ownerOf(name);
      if (owner?.pid !== self.pid || owner.started !== self.started || owner.place !== self.place) continue;
      rmSync(join(folder, name), { recursive: true, force: true });
    }
  } catch {
    // leftovers harm nobody
  }
}
