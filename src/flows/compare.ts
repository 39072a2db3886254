import { compareUtf8 } from '../base/bytes.js';
import { isDvsError } from '../base/errors.js';
import { type DatasetEntry, datasetSchema } from '../entities/dataset.js';
import type { CID } from '../id/cid.js';
import { classify, type DatasetDiff } from '../ops/diff/diff.js';
import type { Ingest } from '../ops/ingest/ingest.js';
import { AscendingLookup } from '../tree/ascending.js';
import type { Change } from '../tree/diff.js';
import { entriesWithin } from '../tree/read.js';
import type { Entry } from '../tree/schema.js';
import { NowIgnored } from './ignored.js';
import type { Place } from './place.js';
import type { Repository } from './repository.js';
import type { Scan } from './scan.js';
import type { View } from './view.js';

export interface CompareOptions {
  /** Read every file, whatever the stat cache says. */
  readonly rehash?: boolean;
  /** What is checked out: outside of it, only what is on disk is compared. */
  readonly view?: View | undefined;
}

export interface FoundOnDisk {
  readonly diff: DatasetDiff;
  /** How many of those removed are still on disk, and ignored by now. */
  readonly nowIgnored: number;
}

/**
 * How what is on disk at `place` differs from a recorded dataset. With a stat cache that knows the dataset file by file
 * only what changed is looked up in it; should that cache turn out to be damaged, everything is.
 */
export async function differenceOnDisk(
  repo: Repository,
  recorded: CID,
  place: Place,
  scan: Scan,
  ingest: Ingest,
  { wanted, ...options }: CompareOptions & { readonly wanted?: (path: string) => boolean } = {},
): Promise<FoundOnDisk> {
  const find = async (changes: AsyncIterable<Change<DatasetEntry>>): Promise<FoundOnDisk> => {
    const hidden = new NowIgnored(repo, place);
    const diff = await classify(hidden.watch(changes, wanted), repo.scratch, wanted);
    return { diff, nowIgnored: hidden.count };
  };
  if (options.rehash !== true && scan.knows(recorded)) {
    try {
      return await find(edited(repo, recorded, scan, ingest, options.view));
    } catch (error) {
      if (!isDvsError(error, 'E_DAMAGED')) throw error;
    }
  }
  return find(compare(repo, recorded, scan, ingest, options));
}

/** What differs, from what the stat cache says changed. */
async function* edited(
  { store }: Repository,
  recorded: CID,
  scan: Scan,
  ingest: Ingest,
  view: View | undefined,
): AsyncGenerator<Change<DatasetEntry>> {
  const lookup = await AscendingLookup.open(datasetSchema, store.objects, recorded);
  for await (const { key, value: after } of scan.edits(ingest)) {
    const before = await lookup.at(key);
    if (after === undefined) {
      // What lay outside of what is checked out, and was not added, was never more than a copy.
      if (before !== undefined && view?.covers(key) !== false) yield { key, before };
    } else if (before === undefined) yield { key, after };
    else if (!datasetSchema.equal(before, after)) yield { key, before, after };
  }
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
