import type { DatasetEntry } from '../entities/dataset.js';
import type { CID } from '../id/cid.js';
import { classify, NO_DIFF } from '../ops/diff/diff.js';
import { Ingest } from '../ops/ingest/ingest.js';
import type { Change } from '../tree/diff.js';
import type { LockEntry } from '../workspace/lock.js';
import { differenceOnDisk, expected, type FoundOnDisk } from './compare.js';
import { isAbsent, placeOf } from './place.js';
import { findDataset, hasDataset } from './references.js';
import type { Repository } from './repository.js';
import { Scan } from './scan.js';
import { type View, viewOf } from './view.js';

/** What makes a dataset, which is stored or is that of `dvs.lock`, what lies at a tracked path now. */
export async function differenceTo(
  repo: Repository,
  tracked: LockEntry,
  from: CID,
  wanted: (path: string) => boolean,
): Promise<FoundOnDisk> {
  const place = await placeOf(repo, tracked, 'diff');
  const view = await viewOf(repo, tracked);
  if (isAbsent(place)) {
    await assertThere(repo, tracked, from);
    return { diff: await classify(allRemoved(repo, from, view), repo.scratch, wanted), nowIgnored: 0 };
  }
  const scan = new Scan(repo, place, view);
  const ingest = new Ingest({ workers: repo.workers, progress: repo.progress });
  try {
    const isHere = await hasDataset(repo, from);
    if (isHere && (await scan.stillAt(from))) return { diff: NO_DIFF, nowIgnored: 0 };
    await assertThere(repo, tracked, from);
    return await differenceOnDisk(repo, from, place, scan, ingest, { view, wanted });
  } finally {
    scan.discard();
    await ingest.close();
  }
}

/** Refuses a lock that names what this store has not, or no dataset. Reads it, so it is not asked where nothing differs. */
async function assertThere(repo: Repository, { path, id }: LockEntry, from: CID): Promise<void> {
  if (from.equals(id)) await findDataset(repo, path);
}

async function* allRemoved(
  repo: Repository,
  dataset: CID,
  view: View | undefined,
): AsyncGenerator<Change<DatasetEntry>> {
  for await (const { key, value } of expected(repo, dataset, view)) yield { key, before: value };
}
