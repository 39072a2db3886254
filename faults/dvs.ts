import { type ChildProcess, spawn } from 'node:child_process';
import { MAIN } from '../bench/main.js';

/** A process that prints more is ended: nothing here has so much to say. */
const MOST_OUTPUT = 2 ** 28;

export interface Ended {
  /** The exit code; undefined when a signal ended it. */
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
}

export interface Surroundings {
  /** For node itself, such as `--import`. */
  readonly nodeArguments?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Ends it by SIGKILL, so that nothing here can hang: 120 s unless told. */
  readonly limitMs?: number;
}

/** Starts the built `dvs` as a user would, in a process of its own. */
export function startDvs(cwd: string, args: readonly string[], surroundings: Surroundings = {}): Running {
  const { nodeArguments = [], env = {}, limitMs = 120_000 } = surroundings;
  const child = spawn(process.execPath, [...nodeArguments, MAIN, ...args], {
    cwd,
    env: { ...process.env, DVS_USER: 'faults', NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limitMs,
    killSignal: 'SIGKILL',
  });
  const out: Buffer[] = [];
  const errors: Buffer[] = [];
  let room = MOST_OUTPUT;
  const keepIn = (kept: Buffer[]) => (bytes: Buffer) => {
    room -= bytes.length;
    if (room >= 0) kept.push(bytes);
    else child.kill('SIGKILL');
  };
  child.stdout.on('data', keepIn(out));
  child.stderr.on('data', keepIn(errors));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({
        code: code ?? undefined,
        signal: signal ?? undefined,
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(errors).toString(),
      }),
    );
  });
  return { process: child, ended };
}

/** Runs the built `dvs` to its end, whatever that is. */
export function dvs(cwd: string, args: readonly string[], surroundings?: Surroundings): Promise<Ended> {
  return startDvs(cwd, args, surroundings).ended;
}

/** Runs the built `dvs`; throws unless it exits with 0. */
export async function dvsOk(cwd: string, args: readonly string[], around?: Surroundings): Promise<string> {
  const { code, signal, stdout, stderr } = await dvs(cwd, args, around);
  if (code === 0) return stdout;
  throw new Error(`dvs ${args.join(' ')} ended with ${signal ?? code}\n${stderr}`);
}
