import type { Clock } from '../../base/clock.js';
import type { Store } from '../../store/store.js';
import type { Config } from '../../workspace/settings/config.js';
import type { Workspace } from '../../workspace/workspace.js';

/** How well something is. A note costs speed or comfort; a problem keeps commands from working. */
export type Health = 'ok' | 'note' | 'problem';

/** What a check found out. */
export interface Finding {
  readonly health: Health;
  readonly what: string;
  /** What to do about it; undefined when all is well. */
  readonly advice: string | undefined;
}

/** What is looked at. */
export interface Patient {
  /** Which dvs asks. */
  readonly tool: { readonly name: string; readonly version: string };
  readonly clock: Clock;
  /** The folder that the command runs in. */
  readonly cwd: string;
  readonly workspace: Workspace | undefined;
  /** The store of the workspace; rejects with what is wrong with it. Undefined without a workspace. */
  readonly store: Promise<Store> | undefined;
  /** The settings; rejects with what is wrong with them. */
  readonly config: Promise<Config>;
  /** This user's own file of settings, whether it exists or not. */
  readonly userConfig: string | undefined;
  /** A folder to try things in: it is empty, and removed afterwards. Undefined where none could be made. */
  readonly bench: string | undefined;
}

/** One look at one thing. Fails with a DvsError for what it cannot look at: that is a problem, too. */
export interface Check {
  /** A word or two, for the beginning of the line. */
  readonly name: string;
  run(patient: Patient): AsyncIterable<Finding>;
}

export function ok(what: string): Finding {
  return { health: 'ok', what, advice: undefined };
}

export function note(what: string, advice: string): Finding {
  return { health: 'note', what, advice };
}

export function problem(what: string, advice: string): Finding {
  return { health: 'problem', what, advice };
}
