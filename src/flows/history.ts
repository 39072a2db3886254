import { parseRun } from '../entities/run.js';
import { type CID, isContentId } from '../id/cid.js';
import { decode } from '../id/codec.js';
import { type NamedVersion, namings, tags, version } from '../store/catalogue/names.js';
import { openEnvelope } from '../tree/envelope.js';
import { type LoggedChange, type LogOptions, log, nameOf } from './log.js';
import type { Repository } from './repository.js';

/** A version and where it stands among the others. */
export interface HistoricVersion extends LoggedChange {
  readonly version: number;
  readonly to: CID;
  /** What it was made from: the version of its name before it, then what the run that made it took in. */
  readonly parents: readonly NamedVersion[];
  /** Tags of its name that point to it now. */
  readonly tags: readonly string[];
  /** Other versions with the same ID. */
  readonly sameAs: readonly NamedVersion[];
}

/** The role of a merge's common ancestor: both sides lead to it already. */
const BASE = 'base';

/** All versions, newest first: of the name that a reference leads to and of all that went into it, or of every name. */
export async function* history(
  repo: Repository,
  reference?: string,
  options: LogOptions = {},
): AsyncGenerator<HistoricVersion> {
  const name = reference === undefined ? undefined : await nameOf(repo, reference);
  const awaited = new Set<string>();
  const tagsByName = new Map<string, { tag: string; id: CID }[]>();
  for await (const change of log(repo, undefined, {
    ...options,
    wanted: ({ tag, name: moved, version: number }) =>
      tag === undefined &&
      (name === undefined || moved === name || awaited.has(keyOf({ name: moved, version: number ?? 0 }))),
  })) {
    const { to, version: number } = change;
    if (to === null || number === undefined) continue;
    const parents = await parentsOf(repo, change, number);
    awaited.delete(keyOf({ name: change.name, version: number }));
    for (const parent of parents) awaited.add(keyOf(parent));
    const known =
      tagsByName.get(change.name) ?? (await repo.store.query((session) => tags(session, change.name)));
    tagsByName.set(change.name, known);
    const same = await repo.store.query((session) => namings(session, to));
    yield {
      ...change,
      to,
      version: number,
      parents,
      tags: known.filter(({ id }) => id.equals(to)).map(({ tag }) => tag),
      sameAs: same.filter((other) => other.name !== change.name || other.version !== number),
    };
  }
}

/** `mnist:v3` */
export function keyOf({ name, version: number }: NamedVersion): string {
  return `${name}:v${number}`;
}

async function parentsOf(repo: Repository, change: LoggedChange, number: number): Promise<NamedVersion[]> {
  const { name, from, to, runs } = change;
  const parents: NamedVersion[] = from === null ? [] : [{ name, version: number - 1 }];
  for (const id of await inputsOf(repo, runs, to)) {
    if (from?.equals(id) === true) continue;
    const parent = await olderNaming(repo, id, change);
    if (parent !== undefined && !parents.some((known) => keyOf(known) === keyOf(parent)))
      parents.push(parent);
  }
  return parents;
}

/** What the run that made `to`, if it is among these, took in. */
async function inputsOf(repo: Repository, runs: readonly CID[], to: CID | null): Promise<CID[]> {
  const inputs: CID[] = [];
  for (const id of runs) {
    if (isContentId(id)) continue;
    const value = decode(await repo.store.objects.get(id));
    if (openEnvelope(value).kind !== 'run') continue;
    const run = parseRun(value);
    if (!Object.values(run.outputs).some((output) => to?.equals(output))) continue;
    inputs.push(...Object.entries(run.inputs).flatMap(([role, input]) => (role === BASE ? [] : [input])));
  }
  return inputs;
}

/** The newest version that had this ID before the change, of the same name if there is one. */
async function olderNaming(
  repo: Repository,
  id: CID,
  { name, seq }: LoggedChange,
): Promise<NamedVersion | undefined> {
  return repo.store.query(async (session) => {
    const older: NamedVersion[] = [];
    for (const naming of await namings(session, id)) {
      const value = await version(session, naming.name, naming.version);
      if (value !== undefined && value.seq < seq) older.push(naming);
    }
    return older.findLast((naming) => naming.name === name) ?? older.at(-1);
  });
}
