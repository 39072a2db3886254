import { DvsError } from '../base/errors.js';
import type { CID } from '../id/cid.js';
import { diffDatasets } from '../ops/diff/diff.js';
import { type LockEntry, readLock } from '../workspace/lock.js';
import { matcher } from '../workspace/patterns.js';
import type { NamedDiff } from './diff/named.js';
import { inWorkspace } from './paths.js';
import { findDataset } from './references.js';
import type { Repository } from './repository.js';
import { allowRootLinks } from './root-link.js';

export type { NamedDiff } from './diff/named.js';

/** What to compare. */
export interface DiffOptions {
  /** None: every tracked path, recorded against what is on disk. One: it against what is on disk, or the latest. */
  readonly references: readonly string[];
  /** Instead of references: what two commits of git locked, see `diffCommits`. */
  readonly git?: string;
  /** Paths or globs within the datasets, or without a reference in the workspace. */
  readonly patterns?: readonly string[];
  /** Approve that tracked folders are links, and lead where they lead now. */
  readonly allowRootLink?: boolean;
}

/** Loaded when it is needed: two versions are compared without all that reads files. */
async function againstDisk(
  repo: Repository,
  tracked: LockEntry,
  from: CID,
  label: string,
  wanted: (path: string) => boolean,
): Promise<NamedDiff> {
  const { differenceTo } = await import('./diff-disk.js');
  const found = await differenceTo(repo, tracked, from, wanted);
  return { from: label, to: `${tracked.path} on disk`, tracked, isOnDisk: true, ...found };
}

/** How one version became another, or the files on disk. */
export async function diff(
  repo: Repository,
  { references, patterns = [], git, allowRootLink = false }: DiffOptions,
): Promise<NamedDiff[]> {
  const [a, b] = references;
  const wanted = matcher(patterns);
  if (git !== undefined) {
    if (a !== undefined) {
      throw new DvsError('E_USAGE', '--git compares commits, so no reference goes with it', {
        hint: `Write \`dvs diff --git ${git}\`, and paths after two dashes.`,
      });
    }
    const { diffCommits } = await import('./diff/git.js');
    return diffCommits(repo, git, wanted);
  }
  const lock = [...(await readLock(repo.workspace)).values()];
  if (allowRootLink)
    await allowRootLinks(
      repo,
      lock.map(({ path }) => path),
    );
  await repo.store.refresh();
  if (a === undefined) {
    const diffs: NamedDiff[] = [];
    for (const entry of lock) {
      const label = `${entry.path} as recorded`;
      diffs.push(await againstDisk(repo, entry, entry.id, label, inWorkspace(entry, wanted)));
    }
    return diffs;
  }
  const left = await findDataset(repo, a);
  assertWhole(a, left.path);
  if (b !== undefined) {
    const right = await findDataset(repo, b);
    assertWhole(b, right.path);
    return [await between(repo, [a, left.id], [b, right.id], wanted)];
  }
  const tracked = lock.find(({ name }) => name === left.name);
  if (tracked !== undefined) return [await againstDisk(repo, tracked, left.id, a, wanted)];
  if (left.name === undefined) {
    throw new DvsError('E_USAGE', `${a} has no name, so there is nothing to compare it with`, {
      hint: 'Give two references: `dvs diff <a> <b>`.',
    });
  }
  const latest = `${left.name}:latest`;
  const right = await findDataset(repo, latest);
  return [await between(repo, [a, left.id], [latest, right.id], wanted)];
}

async function between(
  repo: Repository,
  [from, left]: readonly [string, CID],
  [to, right]: readonly [string, CID],
  wanted: (path: string) => boolean,
): Promise<NamedDiff> {
  const diff = await diffDatasets(repo.store.objects, left, right, repo.scratch, wanted);
  return { from, to, tracked: undefined, isOnDisk: false, diff, nowIgnored: 0 };
}

function assertWhole(reference: string, path: string): void {
  if (path === '') return;
  throw new DvsError('E_USAGE', `${reference} names a path; diff compares whole datasets`, {
    hint: `Leave it out and choose paths after two dashes: \`dvs diff <a> <b> -- ${path}\`.`,
  });
}
