import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Files } from '../bits/small-store.js';
import { dvs, type Ended } from '../dvs.js';

const MEMORY = fileURLToPath(new URL('../memory.js', import.meta.url));
const LIMIT_MS = 20_000;
const MOST_MEBIBYTES = 256;
const BUG = 70;
const NEW = 'an honest file\n';
/** How `status` says that it could not read what is recorded. */
const ABSENT = /the store has not got this version/;

/** What is asked of a store, and what there is to hold the answers against. */
export interface Subject {
  readonly root: string;
  /** A dataset, and all its files. */
  readonly reference: string;
  readonly files: Files;
  /** What the commands print of an intact store; undefined when there is none. */
  readonly intact: ReadonlyMap<string, string> | undefined;
  /** True when `verify` has to find something. */
  readonly isWrong: boolean;
}

export interface Judged {
  readonly commands: number;
  readonly mebibytes: number;
  readonly failures: readonly string[];
}

/** The commands that only look; `verify` comes first, because others may mend. */
export function questions(reference: string, path: string): string[][] {
  return [
    ['verify'],
    ['cat', `${reference}/${path}`],
    ['ls', reference],
    ['log', reference.split(':')[0] ?? reference],
    ['show', reference],
    ['diff', reference, 'lines:v1'],
    ['status'],
  ];
}

/** Runs every command on a store that may be anything; each has to end by itself, right or with a typed error. */
export async function tryCommands({ root, reference, files, intact, isWrong }: Subject): Promise<Judged> {
  const failures: string[] = [];
  let commands = 0;
  let mebibytes = 0;
  const run = async (args: string[]): Promise<Ended> => {
    const { ended, taken } = await measured(root, args);
    commands++;
    mebibytes = Math.max(mebibytes, taken);
    const fault = faultOf(ended) ?? (taken > MOST_MEBIBYTES ? `took ${taken} MiB` : undefined);
    if (fault !== undefined) failures.push(`${args.join(' ')}: ${fault}`);
    return ended;
  };
  const [[path, bytes] = ['', Buffer.alloc(0)]] = files;
  for (const args of questions(reference, path)) {
    const { code, stdout } = await run(args);
    const [command = ''] = args;
    if (command === 'verify' && code === 0 && isWrong) failures.push('verify finds nothing');
    if (code !== 0) continue;
    const right = command === 'cat' ? bytes.toString() : intact?.get(args.join(' '));
    if (command === 'verify' || right === undefined || ABSENT.test(stdout)) continue;
    if (stdout !== right) failures.push(`${args.join(' ')}: printed ${stdout.slice(0, 300)}`);
  }
  const dest = join(root, 'dest');
  const written = await run(['checkout', reference, dest]);
  failures.push(...wrongFiles(dest, files, written.code === 0).map((why) => `checkout ${reference}: ${why}`));
  rmSync(dest, { recursive: true, force: true });
  writeFileSync(join(root, 'plain', 'new.txt'), NEW);
  const added = await run(['add', 'plain']);
  const again = added.code === 0 ? await run(['cat', 'plain/new.txt']) : undefined;
  if (again !== undefined && again.stdout !== NEW)
    failures.push(`what was added is not there: ${again.stderr}`);
  await run(['index', 'rebuild']);
  return { commands, mebibytes, failures };
}

async function measured(root: string, args: readonly string[]): Promise<{ ended: Ended; taken: number }> {
  const file = join(root, 'memory');
  const ended = await dvs(root, args, {
    limitMs: LIMIT_MS,
    nodeArguments: ['--import', MEMORY],
    env: { DVS_FAULTS_MEMORY: file },
  });
  const taken = existsSync(file) ? Math.ceil(Number(readFileSync(file, 'utf8')) / 1024) : 0;
  rmSync(file, { force: true });
  return { ended, taken };
}

/** What no command may do, whatever it is run on. */
export function faultOf({ code, signal, stdout, stderr }: Ended): string | undefined {
  if (signal !== undefined) return `ended with ${signal} ${stderr.slice(0, 300)}`;
  if (code === BUG || stderr.includes('E_INTERNAL')) return `a bug: ${stderr.slice(0, 600)}`;
  const isTold = /\[E_[A-Z_]+\]/.test(stderr) || /\d+ damaged, \d+ missing\./.test(stdout);
  return code === 0 || isTold ? undefined : `ended with ${code} without a code: ${stderr.slice(0, 300)}`;
}

/** Every file that should not be there, is not what it should be, or, of a whole checkout, is not there. */
export function wrongFiles(dest: string, files: Files, isWhole: boolean): string[] {
  const found = existsSync(dest) ? readdirSync(dest, { recursive: true, encoding: 'utf8' }) : [];
  const written = found.filter((path) => statSync(join(dest, path)).isFile());
  const wrong = written.filter((path) => files.get(path)?.equals(readFileSync(join(dest, path))) !== true);
  const lacking = isWhole ? [...files.keys()].filter((path) => !written.includes(path)) : [];
  return [
    ...wrong.map((path) => `wrote wrong bytes to ${path}`),
    ...lacking.map((path) => `has not ${path}`),
  ];
}
