import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { log, Repository } from '../../src/index.js';
import { dvs } from '../dvs.js';
import { following } from '../file-system/following.js';
import { type Entry, type Happened, journalLine, readJournal } from '../file-system/journal.js';
import { Changes } from './changes.js';
import type { Step } from './scenario.js';

/** How the library is opened to look at what a crash left. */
export const SURROUNDINGS = { who: 'crash', clock: Date.now, workers: 1 };

/** What the log says of a name or tag: enough to tell two moves apart. */
export interface Move {
  readonly seq: number;
  readonly text: string;
  /** `name:v3` and its ID; undefined for a tag. */
  readonly version: { readonly reference: string; readonly id: string } | undefined;
}

/** All that some commands did to a disk, call by call. */
export interface Recording {
  readonly journal: readonly Entry[];
  readonly changes: Changes;
  /** What the log says in the end, oldest first. */
  readonly moves: readonly Move[];
  /** For each place in the journal, how many entries the log had, and how many of them had been acknowledged. */
  readonly known: readonly { readonly written: number; readonly acknowledged: number }[];
}

/** Runs the steps in an empty folder and records them there. */
export async function record(folder: string, steps: readonly Step[]): Promise<void> {
  const root = join(folder, 'workspace');
  const journal = join(folder, 'journal');
  mkdirSync(root, { recursive: true });
  const tell = (happened: Happened): void => appendFileSync(journal, journalLine(happened));
  for (const step of steps) {
    if ('put' in step) {
      for (const [path, bytes] of Object.entries(step.put)) put(join(root, path), bytes, tell);
      continue;
    }
    const command = step.dvs.join(' ');
    const plan = { root, journal, withData: true };
    tell({ op: 'begin', command });
    const { code, stderr } = await dvs(
      root,
      step.dvs,
      following(step.fault === undefined ? plan : { ...plan, fault: step.fault }),
    );
    tell({ op: 'end', command, code: code ?? null });
    if ((code !== 0) === (step.fault === undefined)) throw new Error(`dvs ${command}: ${code} ${stderr}`);
  }
}

/** Takes in what `record` left in a folder. */
export async function load(folder: string): Promise<Recording> {
  const root = join(folder, 'workspace');
  const journal = readJournal(join(folder, 'journal'));
  const repo = await Repository.open(root, SURROUNDINGS);
  const moves = await movesOf(repo);
  await repo.close();
  return {
    journal,
    changes: new Changes(root, journal),
    moves,
    known: knownAt(journal),
  };
}

/** What the log says, oldest first. */
export async function movesOf(repo: Repository): Promise<Move[]> {
  const moves: Move[] = [];
  for await (const { seq, name, tag, version, to } of log(repo)) {
    const reference = `${name}:${tag ?? `v${version}`}`;
    const id = String(to);
    moves.unshift({
      seq,
      text: `${reference} = ${id}`,
      version: tag === undefined ? { reference, id } : undefined,
    });
  }
  return moves;
}

function put(path: string, bytes: Buffer | null, tell: (happened: Happened) => void): void {
  rmSync(path, { force: true });
  mkdirSync(dirname(path), { recursive: true });
  if (bytes !== null) writeFileSync(path, bytes);
  tell({ op: 'put', path, data: bytes === null ? null : bytes.toString('base64') });
}

function knownAt(journal: readonly Entry[]): { written: number; acknowledged: number }[] {
  let written = 0;
  let acknowledged = 0;
  return [...journal, undefined].map((entry) => {
    const before = { written, acknowledged };
    if (entry?.op === 'link' && /\/\.dvs\/log\/\d{16}$/.test(entry.to)) written++;
    if (entry?.op === 'end' && entry.code === 0) acknowledged = written;
    return before;
  });
}
