import { timestamp } from '../../base/clock.js';
import { isDvsError } from '../../base/errors.js';
import type { Sequence } from '../../base/sequence.js';
import { type DatasetEntry, datasetSchema } from '../../entities/dataset.js';
import { assertNoOverlap } from '../../entities/overlap.js';
import type { CID } from '../../id/cid.js';
import { type DatasetDiff, DiffBuilder } from '../../ops/diff/diff.js';
import { Ingest } from '../../ops/ingest/ingest.js';
import { type Edit, editTree } from '../../tree/edit.js';
import type { TreeSummary } from '../../tree/schema.js';
import { type LockEntry, updateLock } from '../../workspace/lock.js';
import { forgetMerged, noteMerged, readMerged } from '../../workspace/merged.js';
import { checkout } from '../checkout.js';
import { commitVersions, versionOf } from '../commit.js';
import { isAbsent, placeOf } from '../place.js';
import type { Repository } from '../repository.js';
import { UnstoredNodes } from '../unstored.js';
import type { Base } from './base.js';

/** What every edit takes. */
export interface EditOptions {
  readonly message?: string;
  /** Tell what the version would be, and write nothing. */
  readonly dryRun?: boolean;
}

/** The version that an edit made. */
export interface EditedVersion {
  readonly name: string;
  readonly id: CID;
  /** With a dry run, the one it would get. */
  readonly version: number;
  /** False when the edit changes nothing: then no version was made. */
  readonly isNew: boolean;
  /** Files and links. */
  readonly files: number;
  readonly bytes: number;
  /** Bytes that the store did not have, before compression. */
  readonly newBytes: number;
  /** Bytes that were written to the store, everything counted. */
  readonly storedBytes: number;
  /** Against the version before. */
  readonly diff: DatasetDiff;
  readonly dryRun: boolean;
  /** The tracked path that is at the new version now. */
  readonly tracked: string | undefined;
  /** Why its files were left as they are, when the edit could not be made there too. */
  readonly left: string | undefined;
}

/** What is to become of a dataset. */
export interface DatasetEdit {
  /** Goes into the run. */
  readonly op: 'put' | 'rm' | 'mv';
  readonly base: Base;
  /** Strictly ascending; files that it reads go through the ingest. */
  edits(ingest: Ingest): AsyncIterable<Edit<DatasetEntry>>;
  /** Patterns of the paths that change. */
  readonly touched: readonly string[];
}

/**
 * Makes the next version of a name by editing the last, without anything on disk. A tracked path that is at the last
 * version follows: its lock, and of what is checked out there the files that changed.
 */
export async function editVersion(
  repo: Repository,
  { op, base, edits, touched }: DatasetEdit,
  { message, dryRun = false }: EditOptions,
): Promise<EditedVersion> {
  const start = timestamp(repo.clock());
  const { objects } = repo.store;
  const writer = await repo.write();
  const ingest = new Ingest({
    workers: repo.workers,
    progress: repo.progress,
    writer,
    measure: dryRun,
    keep: (packs) => writer.keep(packs, { time: timestamp(repo.clock()), by: repo.who }),
  });
  try {
    const nodes = new UnstoredNodes(repo.scratch, objects);
    const builder = new DiffBuilder(repo.scratch);
    const root: TreeSummary = await editTree(
      datasetSchema,
      objects,
      base.id,
      edits(ingest),
      async (id, bytes) => {
        nodes.add(id, bytes);
        if (!dryRun) await writer.addNode(id, bytes);
      },
      (change) => builder.add(change),
    );
    const diff = builder.finish();
    for (const list of [diff.added, diff.renamed]) {
      await assertNoOverlap(nodes, root.id, list);
    }
    const isNew = !root.id.equals(base.id);
    let storedBytes = 0;
    if (isNew && !dryRun) {
      const versions = [{ name: base.name, kind: datasetSchema.kind, id: root.id, since: base.id }];
      const run = { op, inputs: { base: base.id }, start, message };
      const committed = await commitVersions(repo, writer, await ingest.finish(), versions, run);
      storedBytes = committed?.storedBytes ?? 0;
      await repo.store.refresh();
    }
    const follows =
      !dryRun && base.tracked !== undefined && (isNew || (await isOnItsWay(repo, base.tracked)));
    const left = follows ? await follow(repo, base, root.id, touched) : undefined;
    const made = dryRun ? undefined : await versionOf(repo, base.name, root.id);
    return {
      name: base.name,
      id: root.id,
      version: made ?? base.version + (isNew ? 1 : 0),
      isNew,
      files: root.count,
      bytes: root.bytes,
      newBytes: ingest.newBytes,
      storedBytes,
      diff,
      dryRun,
      tracked: follows ? base.tracked?.path : undefined,
      left,
    };
  } finally {
    await ingest.close();
    await writer.close();
  }
}

/** Whether an edit before this one was stopped between its version and the files. */
async function isOnItsWay({ workspace }: Repository, { path, id }: LockEntry): Promise<boolean> {
  return (await readMerged(workspace)).get(path)?.id.equals(id) === true;
}

/**
 * Brings the tracked path to the new version, which is recorded whatever happens here; says why not when files there were
 * left. Until a checkout has brought them all, `add` would take back the edit, and so refuses.
 */
async function follow(
  repo: Repository,
  { tracked, id: before }: Base,
  id: CID,
  touched: readonly string[],
): Promise<string | undefined> {
  if (tracked === undefined) return undefined;
  const { path } = tracked;
  try {
    await noteMerged(repo.workspace, [{ ...tracked, id }]);
    await updateLock(repo.workspace, (entries) => {
      const entry = entries.get(path);
      if (entry?.id.equals(before) === true) entries.set(path, { ...entry, id });
    });
    if (isAbsent(await placeOf(repo, tracked))) {
      await forgetMerged(repo.workspace, path);
      return undefined;
    }
    const [done] = await checkout(repo, {
      reference: path,
      cwd: repo.workspace.root,
      patterns: touched,
      keepsView: true,
    });
    await forgetMerged(repo.workspace, path);
    return done === undefined || done.left.length === 0 ? undefined : leftOver(done.left);
  } catch (error) {
    if (!isDvsError(error)) throw error;
    return error.message;
  }
}

/** Paths that a message names. */
const SHOWN = 5;

function leftOver(left: Sequence<string>): string {
  const shown: string[] = [];
  for (const path of left) if (shown.push(path) === SHOWN) break;
  const more = left.length > SHOWN ? ` and ${left.length - SHOWN} more` : '';
  return `${shown.join(', ')}${more}: never added like this, and not in the new version`;
}
