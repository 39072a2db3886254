import { DvsError } from '../../base/errors.js';
import { type DatasetEntry, datasetSchema } from '../../entities/dataset.js';
import { digestOf } from '../../id/cid.js';
import { type CheckoutPlan, inTheWay, type Present } from '../../ops/checkout/plan.js';
import { storedContents } from '../../store/catalogue/catalogue.js';
import { lookup } from '../../tree/read.js';
import type { Repository } from '../repository.js';
import type { Job } from './job.js';

/** Decides what may go, and refuses (E_UNSAFE) when anything that was never added would be lost. */
export async function judge(
  repo: Repository,
  job: Job,
  plan: CheckoutPlan,
  force: boolean,
): Promise<{ remove: string[]; left: string[] }> {
  const lost = new Set(await neverAdded(repo, job, plan.replaced));
  const strangers = new Set(await neverAdded(repo, job, plan.extra));
  const obstacles = inTheWay(
    [...strangers].map(({ path }) => path),
    plan.write,
  );
  const endangered = [...lost, ...[...strangers].filter(({ path }) => obstacles.has(path))].map(
    ({ path }) => path,
  );
  if (endangered.length > 0 && !force) {
    const shown = endangered.slice(0, 10).join(', ');
    const more = endangered.length > 10 ? ` and ${endangered.length - 10} more` : '';
    throw new DvsError(
      'E_UNSAFE',
      `in ${job.dest} these were never added and would be lost: ${shown}${more}`,
      {
        about: endangered,
        hint: 'Run `dvs add` to keep them, or repeat with --force to lose them. Nothing was changed.',
      },
    );
  }
  const remove: string[] = [];
  const left: string[] = [];
  for (const item of plan.extra) {
    if (!strangers.has(item) || obstacles.has(item.path)) remove.push(item.path);
    else left.push(item.path);
  }
  return { remove, left };
}

/** Those that could not be brought back: contents the store has not, links that the recorded version has not. */
async function neverAdded(repo: Repository, job: Job, found: readonly Present[]): Promise<Present[]> {
  const { store } = repo;
  const files = found.flatMap((item) => (item.entry.type === 'file' ? [{ item, id: item.entry.id }] : []));
  const stored = await store.query((session) =>
    storedContents(
      session,
      files.map(({ id }) => digestOf(id)),
    ),
  );
  const lost = files.filter((_, i) => stored[i] !== true).map(({ item }) => item);
  for (const item of found) {
    if (item.entry.type === 'link' && !(await isRecorded(repo, job, item.path, item.entry))) lost.push(item);
  }
  return lost;
}

async function isRecorded(repo: Repository, job: Job, path: string, entry: DatasetEntry): Promise<boolean> {
  if (job.tracked === undefined) return false;
  const recorded = await lookup(datasetSchema, repo.store.objects, job.tracked.id, path);
  return recorded !== undefined && datasetSchema.equal(recorded, entry);
}
