import { compareUtf8 } from '../../base/bytes.js';
import { type DatasetEntry, datasetSchema } from '../../entities/dataset.js';
import type { FileStat } from '../../workspace/file-stat.js';
import type { Target } from './restore.js';

/** A file or link that is there now. */
export interface Present {
  readonly path: string;
  readonly entry: DatasetEntry;
  readonly stat: FileStat | undefined;
}

/** What has to happen so that a folder holds what it should; every list in byte order of the path. */
export interface CheckoutPlan {
  /** As they should be already. */
  readonly same: Present[];
  readonly write: Target[];
  /** Would be overwritten. */
  readonly replaced: Present[];
  /** There, and not in the version. */
  readonly extra: Present[];
}

/** Compares what is there with what should be; both come in byte order. */
export async function planCheckout(
  present: AsyncIterable<Present> | Iterable<Present>,
  wanted: AsyncIterable<Target>,
): Promise<CheckoutPlan> {
  const plan: CheckoutPlan = { same: [], write: [], replaced: [], extra: [] };
  const wants = wanted[Symbol.asyncIterator]();
  let want = await nextOf(wants);
  for await (const found of present) {
    while (want !== undefined && compareUtf8(want.path, found.path) < 0) {
      plan.write.push(want);
      want = await nextOf(wants);
    }
    if (want?.path !== found.path) {
      plan.extra.push(found);
      continue;
    }
    if (datasetSchema.equal(found.entry, want.entry)) plan.same.push(found);
    else {
      plan.write.push({ ...want, expected: found.stat ?? 'anything' });
      plan.replaced.push(found);
    }
    want = await nextOf(wants);
  }
  for (; want !== undefined; want = await nextOf(wants)) plan.write.push(want);
  return plan;
}

async function nextOf<T>(iterator: AsyncIterator<T>): Promise<T | undefined> {
  const step = await iterator.next();
  return step.done === true ? undefined : step.value;
}

/** Those of `paths` that cannot stay where they are because a file must be made there, above or beneath. */
export function inTheWay(paths: Iterable<string>, write: readonly Target[]): Set<string> {
  const files = new Set(write.map(({ path }) => path));
  const folders = new Set(write.flatMap(({ path }) => foldersOf(path)));
  const found = new Set<string>();
  for (const path of paths) {
    if (folders.has(path) || foldersOf(path).some((folder) => files.has(folder))) found.add(path);
  }
  return found;
}

function foldersOf(path: string): string[] {
  const folders: string[] = [];
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) folders.push(path.slice(0, at));
  return folders;
}
