import { compareUtf8 } from '../base/bytes.js';
import { type DatasetEntry, datasetSchema } from '../entities/dataset.js';
import type { CID } from '../id/cid.js';
import type { Ingest } from '../ops/ingest/ingest.js';
import { AscendingLookup } from '../tree/ascending.js';
import type { Change } from '../tree/diff.js';
import { entriesWithin } from '../tree/read.js';
import type { Entry } from '../tree/schema.js';
import type { Repository } from './repository.js';
import type { Scan } from './scan.js';
import type { View } from './view.js';

export interface CompareOptions {
  /** Read every file, whatever the stat cache says. */
  readonly rehash?: boolean;
  /** What is checked out: outside of it, only what is on disk is compared. */
  readonly view?: View | undefined;
}

/** What differs between a recorded dataset and what is on disk, in byte order. */
export async function* compare(
  repo: Repository,
  recorded: CID,
  scan: Scan,
  ingest: Ingest,
  { rehash = false, view }: CompareOptions = {},
): AsyncGenerator<Change<DatasetEntry>> {
  const { objects } = repo.store;
  const old = expected(repo, recorded, view);
  const beyond = view && (await AscendingLookup.open(datasetSchema, objects, recorded));
  let next = (await old.next()).value;
  for await (const { path, entry } of scan.run(ingest, rehash)) {
    for (; next && compareUtf8(next.key, path) < 0; next = (await old.next()).value) {
      yield { key: next.key, before: next.value };
    }
    let before: DatasetEntry | undefined;
    if (next?.key === path) {
      before = next.value;
      next = (await old.next()).value;
    } else if (view?.covers(path) === false) before = await beyond?.at(path);
    if (before === undefined) yield { key: path, after: entry };
    else if (!datasetSchema.equal(before, entry)) yield { key: path, before, after: entry };
  }
  for (; next; next = (await old.next()).value) yield { key: next.key, before: next.value };
}

/** The entries of a dataset that should be on disk, in byte order. */
export async function* expected(
  { store }: Repository,
  dataset: CID,
  view: View | undefined,
): AsyncGenerator<Entry<DatasetEntry>, undefined, undefined> {
  const prefixes = view?.prefixes ?? [''];
  for await (const entry of entriesWithin(datasetSchema, store.objects, dataset, prefixes)) {
    if (view?.covers(entry.key) !== false) yield entry;
  }
}
