import { timestamp } from '../../base/clock.js';
import { DvsError } from '../../base/errors.js';
import { datasetSchema } from '../../entities/dataset.js';
import type { CID } from '../../id/cid.js';
import { type DatasetDiff, DiffBuilder } from '../../ops/diff/diff.js';
import type { Conflict } from '../../ops/merge/conflicts.js';
import { mergeDatasets } from '../../ops/merge/merge.js';
import type { NamedValue } from '../../store/catalogue/names.js';
import { emptyNode } from '../../tree/chunker.js';
import type { NodeSink } from '../../tree/schema.js';
import { assertNameFor, commitVersions, latestOf, versionOf } from '../commit.js';
import type { Repository } from '../repository.js';
import { UnstoredNodes } from '../unstored.js';

/** What to merge, and the name that the result becomes a version of. */
export interface MergeWork {
  readonly name: string;
  /** Undefined when the two have no common past. */
  readonly base: CID | undefined;
  readonly ours: CID;
  readonly theirs: CID;
  /** True when the result has to be one file, because a tracked path is. */
  readonly isSingle?: boolean;
  readonly message?: string;
  readonly dryRun?: boolean;
  /** Refuse a result that would take back the latest version of the name, because it is none of the three. */
  readonly keepsLatest?: boolean;
}

export interface MergedVersion {
  readonly name: string;
  readonly id: CID;
  readonly ours: CID;
  /** The version that the name has at this ID; with a dry run, the one it would get. */
  readonly version: number;
  /** False when the name was at this ID already: then no version was made. */
  readonly isNew: boolean;
  /** Files and links. */
  readonly files: number;
  readonly bytes: number;
  /** How the result differs from ours. */
  readonly diff: DatasetDiff;
  readonly conflicts: readonly Conflict[];
}

/**
 * Merges datasets and records the result: a run with what it was made of, and a version of the name. E_CONFLICT when
 * both sides changed what has to stay one file, or the latest version would be left out, E_EXISTS for the name of something
 * else; then nothing is recorded.
 */
export async function recordMerge(repo: Repository, work: MergeWork): Promise<MergedVersion> {
  const { name, base, ours, theirs, message, dryRun = false } = work;
  const start = timestamp(repo.clock());
  await assertNameFor(repo, name, datasetSchema.kind);
  const nothing = emptyNode(datasetSchema.kind);
  const source = new UnstoredNodes(repo.scratch, repo.store.objects);
  if (base === undefined) source.add(nothing.subtree.id, nothing.encoded);
  const builder = new DiffBuilder(repo.scratch);
  const writer = await repo.write();
  try {
    const sink: NodeSink = (id, bytes) => (dryRun ? source.add(id, bytes) : writer.addNode(id, bytes));
    const sides = { base: base ?? nothing.subtree.id, ours, theirs };
    const { root, conflicts } = await mergeDatasets(source, sides, {
      sink,
      scratch: repo.scratch,
      changed: (change) => builder.add(change),
    });
    if (work.isSingle === true && conflicts.length > 0) throw twoFiles(work);
    const [before] = await latestOf(repo, [name]);
    const isNew = before?.id.equals(root.id) !== true;
    if (isNew && !dryRun) {
      if (work.keepsLatest === true) assertNoneLost(work, before);
      const inputs = { ...(base === undefined ? {} : { base }), ours, theirs };
      await commitVersions(repo, writer, [], [{ name, kind: datasetSchema.kind, id: root.id }], {
        op: 'merge',
        inputs,
        start,
        message,
      });
      await repo.store.refresh();
    }
    const next = (before?.version ?? 0) + (isNew ? 1 : 0);
    const version = dryRun ? next : ((await versionOf(repo, name, root.id)) ?? next);
    const { id, count: files, bytes } = root;
    return { name, id, ours, version, isNew, files, bytes, diff: builder.finish(), conflicts };
  } finally {
    await writer.close();
  }
}

function assertNoneLost({ name, base, ours, theirs }: MergeWork, latest: NamedValue | undefined): void {
  if (latest === undefined || [base, ours, theirs].some((id) => id?.equals(latest.id))) return;
  const head = `${name}:v${latest.version}`;
  throw new DvsError('E_CONFLICT', `${head} is the latest version, and the merge would leave it out`, {
    about: [head],
    hint: `Merge with that one, such as \`dvs merge <base> ${head} <theirs>\`, or call the result otherwise: --name <name>.`,
  });
}

function twoFiles({ name, theirs }: MergeWork): DvsError {
  return new DvsError('E_CONFLICT', `${name} is one file, and both sides changed it`, {
    about: [theirs.toString()],
    hint: `Ours stays. Run \`dvs checkout ${theirs} <folder>\` to look at theirs. Nothing was changed.`,
  });
}
