import { type DatasetEntry, datasetSchema } from '../../entities/dataset.js';
import type { CID } from '../../id/cid.js';
import { type Change, diff as treeDiff } from '../../tree/diff.js';
import type { NodeSource } from '../../tree/schema.js';

/** A path on one side only. */
export interface OneSided {
  readonly path: string;
  readonly entry: DatasetEntry;
}

export interface Modified {
  readonly path: string;
  readonly before: DatasetEntry;
  readonly after: DatasetEntry;
}

export interface Renamed {
  /** Where it is now. */
  readonly path: string;
  readonly from: string;
  readonly entry: DatasetEntry;
}

/** How one set of files became another; each list in byte order of the path. */
export interface DatasetDiff {
  readonly added: OneSided[];
  readonly removed: OneSided[];
  readonly modified: Modified[];
  readonly renamed: Renamed[];
}

/** The difference between two datasets; its cost follows the size of the difference. */
export async function diffDatasets(
  source: NodeSource,
  from: CID,
  to: CID,
  wanted: (path: string) => boolean = () => true,
): Promise<DatasetDiff> {
  return classify(treeDiff(datasetSchema, source, from, to), wanted);
}

/** Sorts changes into added, removed, modified and renamed (removed here, added there, same content). */
export async function classify(
  changes: AsyncIterable<Change<DatasetEntry>> | Iterable<Change<DatasetEntry>>,
  wanted: (path: string) => boolean = () => true,
): Promise<DatasetDiff> {
  const added: OneSided[] = [];
  const removed: OneSided[] = [];
  const modified: Modified[] = [];
  for await (const { key: path, before, after } of changes) {
    if (!wanted(path)) continue;
    if (before !== undefined && after !== undefined) modified.push({ path, before, after });
    else if (after !== undefined) added.push({ path, entry: after });
    else if (before !== undefined) removed.push({ path, entry: before });
  }
  return { ...pairRenames(added, removed), modified };
}

function pairRenames(
  added: readonly OneSided[],
  removed: readonly OneSided[],
): Omit<DatasetDiff, 'modified'> {
  const sources = new Map<string, OneSided[]>();
  for (const item of removed.toReversed()) {
    const key = contentKey(item.entry);
    if (key === undefined) continue;
    const same = sources.get(key);
    if (same === undefined) sources.set(key, [item]);
    else same.push(item);
  }
  const renamed: Renamed[] = [];
  const gone = new Set<OneSided>();
  const stillAdded = added.filter(({ path, entry }) => {
    const source = sources.get(contentKey(entry) ?? '')?.pop();
    if (source === undefined) return true;
    gone.add(source);
    renamed.push({ path, from: source.path, entry });
    return false;
  });
  return { added: stillAdded, removed: removed.filter((item) => !gone.has(item)), renamed };
}

/** Empty files are all alike, so an empty one is never called renamed. */
function contentKey(entry: DatasetEntry): string | undefined {
  return entry.type === 'file' && entry.size > 0 ? entry.id.toString() : undefined;
}

export function isEmptyDiff({ added, removed, modified, renamed }: DatasetDiff): boolean {
  return added.length + removed.length + modified.length + renamed.length === 0;
}
