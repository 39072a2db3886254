import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A command as a user would type it. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Output goes through a pipe, as to a program that reads it, and not to nowhere. */
  readonly piped?: boolean;
}

export interface Measured {
  readonly seconds: number;
  /** Largest resident size in MiB; 0 where the system does not tell. */
  readonly peakMiB: number;
}

const POLL_MS = 10;

/** Runs one command as a whole process and measures it from outside; throws when it fails. */
export function measure({ file, args, cwd, env, piped = false }: Command): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(file, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', piped ? 'pipe' : 'ignore', 'pipe'],
    });
    let errors = '';
    child.stdout?.resume();
    child.stderr?.on('data', (text) => {
      errors += text;
    });
    let peakMiB = 0;
    const poll = setInterval(() => {
      peakMiB = Math.max(peakMiB, peakOf(child.pid));
    }, POLL_MS);
    child.on('error', (error) => {
      clearInterval(poll);
      reject(error);
    });
    child.on('close', (code) => {
      clearInterval(poll);
      const seconds = (performance.now() - start) / 1000;
      if (code === 0) resolve({ seconds, peakMiB });
      else reject(new Error(`${file} ${args.join(' ')} ended with ${code}\n${errors}`));
    });
  });
}

/** The kernel's own high-water mark, so that a poll may come late. */
function peakOf(pid: number | undefined): number {
  try {
    const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kib ?? 0) / 1024;
  } catch {
    return 0; // it has ended, or this is no Linux
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] =
    sorted.length % 2 === 1 ? [sorted[middle], sorted[middle]] : sorted.slice(middle - 1);
  return (low + high) / 2;
}
