import { join } from 'node:path';
import { DvsError, isDvsError } from '../base/errors.js';
import { checkName } from '../base/names.js';
import { type LockEntry, readLock } from '../workspace/lock.js';
import { type CheckedOut, checkout } from './checkout.js';
import { type MergedVersion, recordMerge } from './merge/record.js';
import { showConflicts } from './merge/show-conflicts.js';
import { findDataset } from './references.js';
import type { Repository } from './repository.js';
import { status } from './status.js';

export type { Conflict, ConflictKind } from '../ops/merge/conflicts.js';
export type { MergedVersion } from './merge/record.js';

/** What to merge, and what to call it. */
export interface MergeOptions {
  /** References: the version that both come from, and the two. */
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  /** The name that gets the result; by default that of ours. */
  readonly name?: string;
  readonly message?: string;
  /** Merge and compare, and write nothing. */
  readonly dryRun?: boolean;
  readonly cwd: string;
}

/** The version that a merge made, and what became of the files on disk. */
export interface MergeResult extends MergedVersion {
  /** What became of the working files; undefined where ours is not what the workspace has of that name. */
  readonly checkedOut: CheckedOut | undefined;
  readonly dryRun: boolean;
}

/**
 * Merges two versions of a dataset, path by path, into a new version. When ours is what `dvs.lock` records of a tracked
 * path with that name, its files follow; it is refused (E_UNSAFE) as long as they have changes that were not added.
 */
export async function merge(repo: Repository, options: MergeOptions): Promise<MergeResult> {
  const { base, ours, theirs, message, dryRun = false } = options;
  const [first, second, third] = [
    await findWhole(repo, base),
    await findWhole(repo, ours),
    await findWhole(repo, theirs),
  ];
  const name = options.name ?? second.name;
  if (name === undefined) {
    throw new DvsError('E_USAGE', `${ours} has no name, so neither has what becomes of it`, {
      hint: 'Say what to call the result: `dvs merge <base> <ours> <theirs> --name <name>`.',
    });
  }
  checkName(name);
  const lock = [...(await readLock(repo.workspace)).values()];
  const tracked = lock.find((entry) => entry.name === name && entry.id.equals(second.id));
  if (tracked !== undefined && !dryRun) await assertSaved(repo, tracked);
  const merged = await recordMerge(repo, {
    name,
    base: first.id,
    ours: second.id,
    theirs: third.id,
    isSingle: tracked?.type === 'file',
    dryRun,
    keepsLatest: true,
    ...(message === undefined ? {} : { message }),
  });
  const isHere = tracked !== undefined && !dryRun;
  const checkedOut = isHere ? await bring(repo, tracked, merged, options.cwd) : undefined;
  return { ...merged, checkedOut, dryRun };
}

async function findWhole(repo: Repository, reference: string): ReturnType<typeof findDataset> {
  const found = await findDataset(repo, reference);
  if (found.path === '') return found;
  throw new DvsError('E_USAGE', `${reference} names a path; merge takes whole datasets`, {
    hint: 'Leave the path out.',
  });
}

/** Refuses (E_UNSAFE) to go on over changes that were never added. New files are no obstacle by themselves. */
async function assertSaved(repo: Repository, { path }: LockEntry): Promise<void> {
  const [found] = (await status(repo, { paths: [path] })).tracked;
  if (found === undefined || found.state !== 'modified') return;
  const { modified, removed, renamed } = found.diff;
  const changed = [...firstPaths(modified), ...firstPaths(removed), ...firstPaths(renamed)].slice(0, SHOWN);
  if (changed.length === 0) return;
  const more = modified.length + removed.length + renamed.length - changed.length;
  throw new DvsError(
    'E_UNSAFE',
    `${path} has changes that were not added: ${changed.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
    {
      about: changed,
      hint: `Run \`dvs add ${path}\` and merge that, or undo them with \`dvs checkout ${path} --force\`. Nothing was changed.`,
    },
  );
}

/** Paths that a message names. */
const SHOWN = 10;

function* firstPaths(list: Iterable<{ readonly path: string }>): Generator<string> {
  let left = SHOWN;
  for (const { path } of list) {
    if (left-- === 0) return;
    yield path;
  }
}

/** Brings the files of a tracked path to the merged version. That is recorded already, whatever happens here. */
async function bring(
  repo: Repository,
  tracked: LockEntry,
  { name, id, version, conflicts }: MergedVersion,
  cwd: string,
): Promise<CheckedOut | undefined> {
  const dest = join(repo.workspace.root, tracked.path);
  const reference = `${name}:v${version}`;
  try {
    await showConflicts(repo, tracked, id, conflicts);
    const [done] = await checkout(repo, { reference, dest, cwd });
    return done;
  } catch (error) {
    if (!isDvsError(error)) throw error;
    throw new DvsError(error.code, `the merge was recorded as ${reference}, but then ${error.message}`, {
      cause: error,
      about: error.about,
      hint: `${error.hint ?? ''} Then run \`dvs checkout ${reference}\` to finish.`.trim(),
    });
  }
}
