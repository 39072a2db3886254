import { compareUtf8 } from '../../base/bytes.js';
import { DvsError } from '../../base/errors.js';
import { datasetSchema } from '../../entities/dataset.js';
import { diffDatasets } from '../../ops/diff/diff.js';
import { emptyNode } from '../../tree/chunker.js';
import { lockAt, parseRange } from '../../workspace/git/commits.js';
import { Git } from '../../workspace/git/run.js';
import { type LockEntry, readLock } from '../../workspace/lock.js';
import { inWorkspace } from '../paths.js';
import { hasDataset } from '../references.js';
import type { Repository } from '../repository.js';
import { UnstoredNodes } from '../unstored.js';
import type { NamedDiff } from './named.js';

/** A tracked path on both sides; on one of them it may not be tracked. */
interface Pair {
  readonly before: LockEntry | undefined;
  readonly after: LockEntry | undefined;
}

/**
 * What two commits of git locked, compared: `<a>..<b>`, `<a>...<b>` (since they parted), or one commit with the
 * `dvs.lock` on disk. Only tracked paths that differ are in the result, in byte order.
 */
export async function diffCommits(
  repo: Repository,
  range: string,
  wanted: (path: string) => boolean,
): Promise<NamedDiff[]> {
  const git = new Git(repo.workspace.root, repo.environment);
  const { from, to } = await parseRange(git, range);
  const before = await lockAt(git, from);
  const after = to === undefined ? await readLock(repo.workspace) : await lockAt(git, to);
  const names = { before: from.text, after: to?.text ?? 'dvs.lock' };
  const pairs = pairUp(before, after).filter((pair) => differ(pair));
  await assertStored(repo, pairs, names);
  const source = new UnstoredNodes(repo.scratch, repo.store.objects);
  const { subtree, encoded } = emptyNode(datasetSchema.kind);
  source.add(subtree.id, encoded);
  const diffs: NamedDiff[] = [];
  for (const pair of pairs) {
    const tracked = pair.after ?? pair.before;
    if (tracked === undefined) continue;
    const [a, b] = [pair.before?.id ?? subtree.id, pair.after?.id ?? subtree.id];
    const diff = await diffDatasets(source, a, b, repo.scratch, inWorkspace(tracked, wanted));
    const label = (side: keyof Pair): string =>
      pair[side] === undefined ? `not in ${names[side]}` : `${pair[side].path} in ${names[side]}`;
    diffs.push({
      from: label('before'),
      to: label('after'),
      tracked,
      isOnDisk: false,
      moved: isMoved(pair),
      diff,
      nowIgnored: 0,
    });
  }
  return diffs;
}

/** Puts the two sides of each path together; one that is gone goes with one that is new and has its name. */
function pairUp(before: ReadonlyMap<string, LockEntry>, after: ReadonlyMap<string, LockEntry>): Pair[] {
  const gone = [...before.values()].filter(({ path }) => !after.has(path));
  const pairs = [...after.values()].map((entry): Pair => {
    const same = before.get(entry.path);
    if (same !== undefined) return { before: same, after: entry };
    const at = gone.findIndex(({ name }) => name === entry.name);
    return { before: at < 0 ? undefined : gone.splice(at, 1)[0], after: entry };
  });
  return [...pairs, ...gone.map((entry): Pair => ({ before: entry, after: undefined }))].sort((a, b) =>
    compareUtf8(pathOf(a), pathOf(b)),
  );
}

function pathOf({ before, after }: Pair): string {
  return (after ?? before)?.path ?? '';
}

function isMoved({ before, after }: Pair): boolean {
  return before !== undefined && after !== undefined && before.path !== after.path;
}

function differ(pair: Pair): boolean {
  const { before, after } = pair;
  return before === undefined || after === undefined || !before.id.equals(after.id) || isMoved(pair);
}

/** Refuses (E_NOT_FOUND) to compare what was recorded in another store, and says all of it. */
async function assertStored(
  repo: Repository,
  pairs: readonly Pair[],
  names: Readonly<Record<keyof Pair, string>>,
): Promise<void> {
  await repo.store.refresh();
  const absent: string[] = [];
  const look = async (entry: LockEntry | undefined, where: string): Promise<void> => {
    if (entry === undefined || (await hasDataset(repo, entry.id))) return;
    absent.push(`${entry.id} (${entry.path} in ${where})`);
  };
  for (const { before, after } of pairs) {
    await look(before, names.before);
    await look(after, names.after);
  }
  const [first] = absent;
  if (first === undefined) return;
  const more = absent.length > 1 ? ` and ${absent.length - 1} more` : '';
  throw new DvsError('E_NOT_FOUND', `this store has no ${first}${more}`, {
    about: absent,
    hint: 'It was recorded in another store: compare there, or bring its `.dvs` here.',
  });
}
