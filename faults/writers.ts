import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Files } from './files.js';

const WRITER = fileURLToPath(new URL('./writer.js', import.meta.url));

/** A version that a writer said it had recorded. */
export interface Acknowledged {
  readonly name: string;
  readonly id: string;
  readonly files: Files;
}

export interface Writing {
  readonly root: string;
  /** Of the dataset, in the workspace. */
  readonly path: string;
  readonly name: string;
  readonly seed: number;
  readonly versions: number;
  acknowledged(version: Acknowledged): void;
}

export interface Writer {
  readonly process: ChildProcess;
  /** What it died of, if it was neither killed nor done. */
  readonly ended: Promise<string | undefined>;
}

/** Starts a writer in a process of its own. */
export function startWriter({ root, path, name, seed, versions, acknowledged }: Writing): Writer {
  const args = [root, path, name, `${seed}`, `${versions}`];
  const child = spawn(process.execPath, [WRITER, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  // A line that was cut off is no acknowledgement.
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) acknowledged(parse(line));
  });
  const ended = new Promise<string | undefined>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code === 0 || signal === 'SIGKILL' ? undefined : errors));
  });
  return { process: child, ended };
}

function parse(line: string): Acknowledged {
  const read: unknown = JSON.parse(line);
  if (typeof read === 'object' && read !== null && 'name' in read && 'id' in read && 'files' in read) {
    const { name, id, files } = read;
    if (typeof name === 'string' && typeof id === 'string' && Array.isArray(files)) {
      return { name, id, files: new Map(files.map(([path, digest]) => [String(path), String(digest)])) };
    }
  }
  throw new Error(`no acknowledgement: ${line}`);
}
