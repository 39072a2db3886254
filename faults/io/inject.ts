import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isDvsError, Repository, verify } from '../../src/index.js';
import { movesOf, SURROUNDINGS } from '../crash/recording.js';
import { dvs, type Ended } from '../dvs.js';
import { following } from '../file-system/following.js';
import { type Entry, readJournal } from '../file-system/journal.js';
import type { Fault } from '../file-system/plan.js';
import { scratch } from '../scratch.js';
import type { Trial } from './commands.js';

/** A trial that is ready to be run as often as one likes, and how it goes when nothing goes wrong. */
export interface Ready {
  readonly trial: Trial;
  /** Holds all of this; the caller removes it. */
  readonly folder: string;
  readonly calls: Readonly<Record<string, number>>;
  readonly printed: string;
  readonly before: State;
  readonly after: State;
}

/** What a workspace says, as far as any command answers for it. */
interface State {
  readonly moves: readonly string[];
  /** What `verify` finds. */
  readonly problems: readonly string[];
  /** Bytes of the files outside of `.dvs`, by path. */
  readonly files: ReadonlyMap<string, string>;
}

const ENV = { DVS_NOW: '2026-01-02T03:04:05Z' };

/** Prepares a trial and runs it once without a fault. */
export async function ready(trial: Trial): Promise<Ready> {
  const folder = scratch('dvs-io-');
  const template = join(folder, 'template');
  mkdirSync(template);
  await trial.prepare(template);
  const before = await stateOf(template);
  const { root, ended, journal } = await attempt(folder, trial);
  if (ended.code !== 0) throw new Error(`dvs ${trial.args.join(' ')}: ${ended.code} ${ended.stderr}`);
  const calls = journal.findLast((entry) => entry.op === 'calls');
  const after = await stateOf(root);
  rmSync(root, { recursive: true });
  return { trial, folder, calls: calls?.counts ?? {}, printed: anywhere(ended.stdout, root), before, after };
}

export interface Injected {
  /** False when the command made fewer calls of that kind. */
  readonly fired: boolean;
  readonly succeeded: boolean;
  readonly failures: readonly string[];
}

/** Runs a trial with one fault, and says what does not hold afterwards. */
export async function inject(prepared: Ready, fault: Fault): Promise<Injected> {
  const { trial, folder, before, after } = prepared;
  const { root, ended, journal } = await attempt(folder, trial, fault);
  try {
    const fired = journal.some(({ op }) => op === 'fault');
    const wrong = [...wrongEnd(prepared, ended, root), ...syncedAgain(journal)];
    const left = await stateOf(root);
    wrong.push(...left.problems);
    const isKept = before.moves.every((move, i) => left.moves[i] === move);
    if (!isKept) wrong.push(`the log lost something: ${left.moves.join(', ')}`);
    if (ended.code === 0) wrong.push(...differences(left, after));
    const again = await dvs(root, trial.args, { env: ENV });
    if (again.code !== 0) wrong.push(`the same command again ended with ${again.code}: ${again.stderr}`);
    else if (!trial.isReading) {
      wrong.push(...differences(await stateOf(root), after).map((what) => `after the same again, ${what}`));
    }
    const how = `dvs ${trial.args.join(' ')}, ${fault.act} ${fault.kind} ${fault.nth}`;
    return { fired, succeeded: ended.code === 0, failures: wrong.map((what) => `${how}: ${what}`) };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Runs the trial in a copy of its workspace. */
async function attempt(
  folder: string,
  { args }: Trial,
  fault?: Fault,
): Promise<{ root: string; ended: Ended; journal: Entry[] }> {
  const root = mkdtempSync(join(folder, 'run-'));
  cpSync(join(folder, 'template'), root, { recursive: true, preserveTimestamps: true });
  const journal = join(folder, 'journal');
  rmSync(journal, { force: true });
  const { nodeArguments = [], env } = following({ root, journal, ...(fault === undefined ? {} : { fault }) });
  const ended = await dvs(root, asJson(args), { nodeArguments, env: { ...env, ...ENV } });
  return { root, ended, journal: readJournal(journal) };
}

/** `cat` prints bytes and has no JSON: its errors are lines that end with their code. */
function asJson(args: readonly string[]): readonly string[] {
  return args[0] === 'cat' ? args : [...args, '--json'];
}

/** What is wrong with how it ended: anything but a true success and an error with a code. */
function wrongEnd(
  { trial, printed }: Ready,
  { code, signal, stdout, stderr }: Ended,
  root: string,
): string[] {
  if (code === 0) {
    const isSame = !trial.isReading || anywhere(stdout, root) === printed;
    return isSame ? [] : [`it printed something else: ${stdout.slice(0, 300)}`];
  }
  // What cannot be read is damage to `verify`, which lists it.
  if (trial.args[0] === 'verify' && code === 4) return [];
  if (signal !== undefined || code === 70 || /^ +at /m.test(stderr))
    return [`it ended with ${signal ?? code}: ${stderr}`];
  return /^(\{"error":\{"code":"E_[A-Z]+"|dvs: .* \[E_[A-Z]+\]$)/m.test(stderr)
    ? []
    : [`it ended with ${code}: ${stderr}`];
}

/** An fsync that failed says nothing about the next one: the bytes may be gone, and the next one succeed. */
export function syncedAgain(journal: readonly Entry[]): string[] {
  const failed = journal.findIndex((entry) => entry.op === 'fault' && entry.kind === 'fsync');
  const fault = journal[failed];
  if (fault?.op !== 'fault') return [];
  const again = journal.slice(failed).some((entry) => entry.op === 'syncing' && entry.path === fault.path);
  return again ? [`${fault.path} was fsynced again after that had failed`] : [];
}

async function stateOf(root: string): Promise<State> {
  const files = new Map(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
      .filter((path) => !path.startsWith('.dvs/'))
      .map((path) => [path, readFileSync(join(root, path), 'latin1')]),
  );
  try {
    const repo = await Repository.open(root, SURROUNDINGS);
    try {
      const moves = (await movesOf(repo)).map(({ text }) => text);
      const { damaged, missing } = await verify(repo);
      return { moves, files, problems: [...damaged, ...missing].map(({ path, why }) => `${path}: ${why}`) };
    } finally {
      await repo.close();
    }
  } catch (error) {
    if (isDvsError(error, 'E_NO_STORE')) return { moves: [], problems: [], files };
    throw error;
  }
}

function differences(found: State, wanted: State): string[] {
  const wrong: string[] = [];
  if (found.moves.join() !== wanted.moves.join()) wrong.push(`the log says ${found.moves.join(', ')}`);
  for (const path of new Set([...found.files.keys(), ...wanted.files.keys()])) {
    if (found.files.get(path) !== wanted.files.get(path)) wrong.push(`${path} is not as it should be`);
  }
  return wrong;
}

function anywhere(text: string, root: string): string {
  return text.replaceAll(root, '<root>');
}
