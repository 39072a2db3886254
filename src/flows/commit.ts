import { timestamp } from '../base/clock.js';
import { DvsError, isDvsError } from '../base/errors.js';
import { isName } from '../base/names.js';
import { datasetSchema } from '../entities/dataset.js';
import { aKind } from '../entities/kind.js';
import { encodeRun, type Roles } from '../entities/run.js';
import type { CID } from '../id/cid.js';
import { kindOf } from '../ops/resolve/resolve.js';
import { latest, type NamedValue, namings } from '../store/catalogue/names.js';
import type { NameChange } from '../store/log/entry.js';
import type { FinishedPack } from '../store/pack/writer.js';
import type { Committed, Proposal, StoreWriter } from '../store/writer.js';
import type { Repository } from './repository.js';
import { TOOL } from './tool.js';

/** What a name is to point to. */
export interface NewVersion {
  readonly name: string;
  /** What the name stands for: it keeps to one kind. */
  readonly kind: string;
  readonly id: CID;
  /** What the name must point to until then; without it, whatever it does. */
  readonly since?: CID;
}

/** What the run says that makes versions. */
export interface VersionRun {
  readonly op: string;
  readonly inputs: Roles;
  /** When it began, as `timestamp` writes it. */
  readonly start: string;
  readonly message?: string | undefined;
}

/** The latest value of each name; undefined for a name that has none. */
export function latestOf(repo: Repository, names: readonly string[]): Promise<(NamedValue | undefined)[]> {
  return repo.store.query((session) => Promise.all(names.map((name) => latest(session, name))));
}

/**
 * Refuses (E_EXISTS) a name whose versions are of another kind: what goes by it would find another thing there. A name whose
 * latest version cannot be read passes, as a new one may be what mends it.
 */
export async function assertNameFor(repo: Repository, name: string, kind: string): Promise<void> {
  const known = await kindOfName(repo, name);
  if (known === undefined || known === kind) return;
  throw new DvsError(
    'E_EXISTS',
    `${name} is the name of ${aKind(known)}, and cannot become that of ${aKind(kind)}`,
    { about: [name], hint: 'Choose another name: `--name <name>`.' },
  );
}

/**
 * Refuses (E_EXISTS) a path to be tracked that is, or lies in, the name of what is no dataset: the name, or a part such as
 * `split/train`, would mean the path from then on.
 */
export async function assertHidesNothing(repo: Repository, path: string): Promise<void> {
  const [name = ''] = path.split('/', 1);
  const known = isName(name) ? await kindOfName(repo, name) : undefined;
  if (known === undefined || known === datasetSchema.kind) return;
  throw new DvsError('E_EXISTS', `${name} is the name of ${aKind(known)}, which a tracked path would hide`, {
    about: [name],
    hint: 'Choose another path.',
  });
}

async function kindOfName(repo: Repository, name: string): Promise<string | undefined> {
  const [now] = await latestOf(repo, [name]);
  if (now === undefined) return undefined;
  return kindOf(repo.store, now).catch((error: unknown) => {
    if (isDvsError(error, 'E_DAMAGED', 'E_MISSING')) return undefined;
    throw error;
  });
}

/** The number of the latest version of a name that is this dataset, however many came after it. */
export async function versionOf(repo: Repository, name: string, id: CID): Promise<number | undefined> {
  const known = await repo.store.query((session) => namings(session, id));
  return known.findLast((naming) => naming.name === name)?.version;
}

/** A run to record. */
export interface MadeRun extends VersionRun {
  readonly outputs: Roles;
}

/**
 * Records a run and moves the names to what it made, all in one commit; undefined when somebody else did just that.
 * E_CONFLICT when somebody moved a name away from what its new version comes after.
 */
export async function commitVersions(
  repo: Repository,
  writer: StoreWriter,
  packs: readonly FinishedPack[],
  versions: readonly NewVersion[],
  run: VersionRun,
): Promise<Committed | undefined> {
  const outputs = Object.fromEntries(versions.map(({ name, id }) => [name, id]));
  const id = await addRun(repo, writer, { ...run, outputs });
  return writer.commit(packs, () => propose(repo, versions, [id], run.message));
}

/** The same for several runs, which may have made things that get no name. */
export async function commitRuns(
  repo: Repository,
  writer: StoreWriter,
  packs: readonly FinishedPack[],
  runs: readonly MadeRun[],
  versions: readonly NewVersion[],
): Promise<Committed | undefined> {
  const ids: CID[] = [];
  for (const run of runs) ids.push(await addRun(repo, writer, run));
  return writer.commit(packs, () => propose(repo, versions, ids, runs.at(-1)?.message));
}

async function addRun(repo: Repository, writer: StoreWriter, run: MadeRun): Promise<CID> {
  const { op, inputs, outputs, start, message } = run;
  const { id, bytes } = encodeRun({
    op,
    inputs,
    outputs,
    tool: TOOL,
    start,
    end: timestamp(repo.clock()),
    who: repo.who,
    ...(message === undefined ? {} : { message }),
  });
  await writer.addNode(id, bytes);
  return id;
}

/** What to commit, given what the names are now: somebody else may have moved one meanwhile. */
async function propose(
  repo: Repository,
  versions: readonly NewVersion[],
  runs: readonly CID[],
  message: string | undefined,
): Promise<Proposal | undefined> {
  const current = await latestOf(
    repo,
    versions.map(({ name }) => name),
  );
  for (const { name, kind } of versions) await assertNameFor(repo, name, kind);
  const names = versions.flatMap(({ name, id, since }, i): NameChange[] => {
    const from = current[i]?.id ?? null;
    if (from?.toString() === id.toString()) return [];
    if (since !== undefined && from?.toString() !== since.toString()) throw moved(name);
    return [{ name, from, to: id }];
  });
  if (names.length === 0 && versions.length > 0) return undefined;
  return {
    time: timestamp(repo.clock()),
    by: repo.who,
    ...(message === undefined ? {} : { message }),
    names,
    publishes: [...runs],
  };
}

function moved(name: string): DvsError {
  return new DvsError('E_CONFLICT', `somebody made another version of ${name} meanwhile`, {
    about: [name],
    hint: 'Run the same command again: it then begins with that version.',
  });
}
