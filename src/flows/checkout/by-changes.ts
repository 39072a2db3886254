import { lstatSync } from 'node:fs';
import { compareUtf8 } from '../../base/bytes.js';
import { DvsError } from '../../base/errors.js';
import { type DatasetEntry, datasetSchema } from '../../entities/dataset.js';
import type { CID } from '../../id/cid.js';
import { foldsNames } from '../../ops/checkout/collisions.js';
import type { Compared, Present } from '../../ops/checkout/compare.js';
import { Ingest } from '../../ops/ingest/ingest.js';
import { AscendingLookup } from '../../tree/ascending.js';
import { diff } from '../../tree/diff.js';
import { readChanged } from '../changed-files.js';
import { hasDataset } from '../references.js';
import type { Repository } from '../repository.js';
import type { Differences, Scan } from '../scan.js';
import type { Job } from './job.js';

/**
 * The paths at which what is there and what should be may differ, found without going through the others: where the
 * version that was there differs from the one that is wanted, and where a file changed since. Undefined where that
 * cannot be told so. E_DAMAGED and E_MISSING may also mean that of the version that was there.
 */
export async function comparedByChanges(
  repo: Repository,
  job: Job,
  scan: Scan,
): Promise<AsyncGenerator<Compared> | undefined> {
  const { tracked, type, isPartial, views } = job;
  if (tracked === undefined || type === 'file' || isPartial || views.before || views.after) return undefined;
  const { before } = scan;
  if (before === undefined || !(await hasDataset(repo, before))) return undefined;
  const differences = await scan.differences();
  if (differences === undefined || mayFoldNames(repo, job)) return undefined;
  return compared(repo, before, job.resolved.id, differences);
}

/** Where names fold, those that stay matter, too. */
function mayFoldNames({ workspace: { tmpDir } }: Repository, { root }: Job): boolean {
  const [there, here] = [root, tmpDir].map((path) => lstatSync(path, { throwIfNoEntry: false })?.dev);
  return there !== here || foldsNames(tmpDir);
}

async function* compared(
  { store: { objects }, workers, progress }: Repository,
  before: CID,
  wanted: CID,
  { changes, known }: Differences,
): AsyncGenerator<Compared> {
  const ingest = new Ingest({ workers, progress });
  try {
    const lookup = await AscendingLookup.open(datasetSchema, objects, wanted);
    const onDisk = readChanged(ingest, changes);
    let here = (await onDisk.next()).value;
    for await (const { key, before: was, after } of diff(datasetSchema, objects, before, wanted)) {
      for (; here && compareUtf8(here.path, key) < 0; here = (await onDisk.next()).value) {
        yield { ...here, wanted: await lookup.at(here.path) };
      }
      if (here?.path === key) {
        yield { ...here, wanted: after };
        here = (await onDisk.next()).value;
      } else yield { path: key, found: was && unchanged(known, key, was), wanted: after };
    }
    for (; here; here = (await onDisk.next()).value) {
      yield { ...here, wanted: await lookup.at(here.path) };
    }
  } finally {
    await ingest.close();
  }
}

/** A file or link that is what it was. */
function unchanged(known: Differences['known'], path: string, entry: DatasetEntry): Present {
  const view = known.at(path);
  if (view === undefined) throw new DvsError('E_DAMAGED', `the stat cache has no entry for ${path}`);
  return { path, entry, stat: view.stat };
}
