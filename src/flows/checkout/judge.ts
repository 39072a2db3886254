import { DvsError, isDvsError } from '../../base/errors.js';
import { type DatasetEntry, datasetSchema } from '../../entities/dataset.js';
import { type CID, digestOf } from '../../id/cid.js';
import { type CheckoutPlan, inTheWay, type Present } from '../../ops/checkout/plan.js';
import { storedContents } from '../../store/catalogue/catalogue.js';
import { versions } from '../../store/catalogue/names.js';
import { lookup } from '../../tree/read.js';
import type { Repository } from '../repository.js';
import type { Job } from './job.js';

/** Versions of a name that are searched for a path. */
const SEARCHED_VERSIONS = 32;

/** What becomes of the files that are in the way of a version. */
export interface Judgement {
  readonly remove: readonly Present[];
  readonly left: readonly string[];
}

/** Decides what may go, and refuses (E_UNSAFE) when anything that was never added would be lost. */
export async function judge(
  repo: Repository,
  job: Job,
  plan: CheckoutPlan,
  force: boolean,
): Promise<Judgement> {
  const past = await pastOf(repo, job);
  const lost = await asyncFilter(plan.replaced, async (item) => !(await isKept(repo, past, item)));
  const strangers = new Set(
    await asyncFilter(plan.extra, async (item) => !(await mayGo(repo, job, past, item))),
  );
  const obstacles = inTheWay(
    [...strangers].map(({ path }) => path),
    plan.write,
  );
  const blocking = [...strangers].filter(({ path }) => obstacles.has(path));
  const endangered = [...lost, ...blocking].map(({ path }) => path);
  if (endangered.length > 0 && !force) throw wouldLose(job, endangered);
  return {
    remove: plan.extra.filter((item) => !strangers.has(item) || obstacles.has(item.path)),
    left: plan.extra
      .filter((item) => strangers.has(item) && !obstacles.has(item.path))
      .map(({ path }) => path),
  };
}

function wouldLose(job: Job, endangered: readonly string[]): DvsError {
  const shown = endangered.slice(0, 10).join(', ');
  const more = endangered.length > 10 ? ` and ${endangered.length - 10} more` : '';
  const message = `in ${job.dest} these were never added and would be lost: ${shown}${more}`;
  return new DvsError('E_UNSAFE', message, {
    about: endangered,
    hint: 'Run `dvs add` to keep them, or repeat with --force to lose them. Nothing was changed.',
  });
}

/** The datasets in which a file that is there now may be recorded, the likeliest first. */
interface Past {
  readonly datasets: readonly CID[];
  readonly recordedPath: (path: string) => string;
}

async function pastOf(repo: Repository, { tracked, resolved, recordedPath }: Job): Promise<Past> {
  const found = tracked === undefined ? [resolved.id] : [tracked.id];
  const { name } = resolved;
  if (name !== undefined) {
    await repo.store.query(async (session) => {
      for await (const { id } of versions(session, name)) {
        if (found.push(id) > SEARCHED_VERSIONS) return;
      }
    });
  }
  return { datasets: found, recordedPath };
}

/**
 * True when a file that the version has not can be removed. In a tracked path that is one whose bytes the store
 * has; an empty file, of which every store has the bytes, and any in a foreign folder must be recorded there.
 */
function mayGo(repo: Repository, job: Job, past: Past, item: Present): Promise<boolean> {
  const isEmpty = item.entry.type === 'file' && item.entry.size === 0;
  return job.tracked === undefined || isEmpty ? isRecorded(repo, past, item) : isKept(repo, past, item);
}

/** True when it can be brought back: the store has its bytes, or a link is recorded. */
function isKept(repo: Repository, past: Past, item: Present): Promise<boolean> {
  return item.entry.type === 'link' ? isRecorded(repo, past, item) : hasBytes(repo, item.entry.id);
}

/** True when some version has just that at just this path, and the store has its bytes. */
async function isRecorded(
  repo: Repository,
  { datasets, recordedPath }: Past,
  item: Present,
): Promise<boolean> {
  for (const dataset of datasets) {
    const recorded = await recordedAt(repo, dataset, recordedPath(item.path));
    if (recorded === undefined || !datasetSchema.equal(recorded, item.entry)) continue;
    return item.entry.type === 'link' || hasBytes(repo, item.entry.id);
  }
  return false;
}

async function recordedAt(repo: Repository, dataset: CID, path: string): Promise<DatasetEntry | undefined> {
  try {
    return await lookup(datasetSchema, repo.store.objects, dataset, path);
  } catch (error) {
    // A version that is lost, or of another store, vouches for nothing.
    if (isDvsError(error, 'E_MISSING', 'E_DAMAGED')) return undefined;
    throw error;
  }
}

/** True when every pack that the content needs is there: what the catalogue knows may have been lost since. */
async function hasBytes({ store }: Repository, content: CID): Promise<boolean> {
  const [isKnown] = await store.query((session) => storedContents(session, [digestOf(content)]));
  return isKnown === true && store.objects.isAtHand(digestOf(content));
}

async function asyncFilter<T>(items: readonly T[], test: (item: T) => Promise<boolean>): Promise<T[]> {
  const kept: T[] = [];
  for (const item of items) if (await test(item)) kept.push(item);
  return kept;
}
