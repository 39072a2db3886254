import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const SCRIPT = fileURLToPath(new URL('./child.mjs', import.meta.url));

export interface Child {
  readonly process: ChildProcess;
  /** When the repository is open and the step begins. */
  readonly opened: Promise<void>;
  /** What it printed last; undefined when it was killed before. */
  readonly result: Promise<{ ok?: unknown; code?: string; message?: string } | undefined>;
}

/** Runs a step of `child.mjs` in a process of its own, which ends with the test at the latest. */
export function start(root: string, step: 'add' | 'checkout', argument: unknown): Child {
  const child = spawn(process.execPath, [SCRIPT, root, step, JSON.stringify(argument)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let printed = '';
  const opened = new Promise<void>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      if (printed.startsWith('open\n')) resolve();
    });
    child.once('close', () => resolve());
  });
  const result = once(child, 'close').then(() => {
    const [, last = ''] = printed.trimEnd().split('\n');
    return last === '' ? undefined : JSON.parse(last);
  });
  return { process: child, opened, result };
}
