/** Loaded into every thread of a process under test, before anything of its own: see `following`. */
import fs from 'node:fs';
import { sep } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import type { Call } from './calls.js';
import { interpose } from './interpose.js';
import { type Happened, journalLine } from './journal.js';
import { givenPlan } from './plan.js';
import { type Fate, Trouble } from './trouble.js';

const plan = givenPlan();
const trouble = new Trouble(plan.fault);
const { openSync, writeSync } = fs;
const journal = plan.journal === undefined ? undefined : openSync(plan.journal, 'a');

function isOurs({ path, otherPath }: Call): boolean {
  // A descriptor that another thread opened: threads share none but those of data.
  if (path === undefined) return !isMainThread;
  return [path, otherPath].some((one) => one === plan.root || one?.startsWith(plan.root + sep));
}

function note(happened: Happened): void {
  if (journal === undefined) return;
  const isBare = happened.op === 'write' && plan.withData !== true;
  writeSync(journal, journalLine(isBare ? { ...happened, data: '' } : happened));
}

await interpose({
  before(call, args): Fate {
    if (!isOurs(call)) return { args };
    const fate = trouble.befall(call, args) ?? { args };
    if (fate.args === undefined && fate.isLast === true) die();
    if (fate.args !== undefined && call.beginning !== undefined) note(call.beginning);
    return fate;
  },
  after(call, fate, result) {
    const happened = fate.args && call.done?.(fate.args, result);
    if (!isOurs(call)) return;
    if (happened !== undefined) note(happened);
    if (fate.isFault === true) note({ op: 'fault', kind: call.kind, path: call.path ?? '' });
    if (fate.isLast === true) die();
  },
});

if (isMainThread) process.once('exit', () => note({ op: 'calls', counts: trouble.counts() }));

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  // The signal comes at once; this is for the eye of the type checker.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}
