import { basename, resolve as resolvePath } from 'node:path';
import { DvsError } from '../../base/errors.js';
import { datasetSchema } from '../../entities/dataset.js';
import { aKind } from '../../entities/kind.js';
import { plainPath } from '../../entities/path.js';
import { type CID, isContentId } from '../../id/cid.js';
import { kindOf, resolve } from '../../ops/resolve/resolve.js';
import type { LockEntry } from '../../workspace/lock.js';
import { patternsWithin } from '../../workspace/patterns.js';
import { folderOf } from '../paths.js';
import { assertDataset } from '../references.js';
import type { Repository } from '../repository.js';
import { elsewhereJob } from './elsewhere-job.js';
import type { Job } from './job.js';
import { assertSafeDest } from './safe-dest.js';
import { type PartOptions, trackedJob } from './tracked-job.js';

type Lock = ReadonlyMap<string, LockEntry>;

export interface JobOptions extends PartOptions {
  readonly reference: string;
  readonly dest?: string;
  readonly cwd: string;
  readonly patterns?: readonly string[];
}

/** Every tracked path, at its recorded ID. The patterns are for paths in the workspace. */
export async function allTracked(
  repo: Repository,
  lock: Lock,
  { patterns = [], ...wish }: Pick<JobOptions, 'patterns' | 'all' | 'keepsView'>,
): Promise<Job[]> {
  if (lock.size === 0) {
    throw new DvsError('E_USAGE', 'nothing is tracked here, so there is nothing to check out', {
      hint: 'Name a version: `dvs checkout <name> <dest>`; `dvs log` lists what there is.',
    });
  }
  const jobs: Job[] = [];
  for (const entry of lock.values()) {
    const resolved = await resolve(repo.store, entry.path, [entry]);
    assertDataset(await kindOf(repo.store, resolved), entry.path);
    const inside = patterns.flatMap((pattern) => patternsWithin(folderOf(entry), pattern));
    if (patterns.length > 0 && inside.length === 0) continue;
    jobs.push(await trackedJob(repo, entry, resolved, inside.includes('**') ? [] : inside, wish));
  }
  return jobs;
}

/** What a reference and a place mean together. */
export async function chooseJob(repo: Repository, lock: Lock, options: JobOptions): Promise<Job> {
  const { reference, patterns = [], dest, cwd } = options;
  const resolved = await resolve(repo.store, reference, [...lock.values()]);
  const kind = await kindOf(repo.store, resolved);
  if (kind !== datasetSchema.kind) {
    throw new DvsError(
      'E_USAGE',
      `${reference} is ${aKind(kind)}, and only datasets, samples and the parts of a split can be checked out`,
      {
        hint: isContentId(resolved.id)
          ? `Use \`dvs cat ${reference} > <file>\`.`
          : `Look at it with \`dvs show ${reference}\`.`,
      },
    );
  }
  const byPath = lock.get(plainPath(reference));
  const tracked = byPath ? [byPath] : [...lock.values()].filter(({ name }) => name === resolved.name);
  const [only, second] = tracked;
  if (dest === undefined && resolved.path === '' && only !== undefined) {
    if (second === undefined) {
      return trackedJob(repo, only, resolved, patterns, options);
    }
    throw new DvsError(
      'E_AMBIGUOUS',
      `${tracked.map(({ path }) => path).join(' and ')} are both ${only.name}`,
      {
        hint: `Name the place: \`dvs checkout ${reference} <dest>\`.`,
      },
    );
  }
  const fallback = resolved.path === '' ? (resolved.name ?? shortId(resolved.id)) : basename(resolved.path);
  const target = dest ?? resolvePath(cwd, fallback);
  const own = [...lock.values()].find(({ path }) => resolvePath(repo.workspace.root, path) === target);
  if (own !== undefined && resolved.path === '' && own.name === resolved.name) {
    return trackedJob(repo, own, resolved, patterns, options);
  }
  assertSafeDest(repo, lock, target);
  return elsewhereJob(repo, target, resolved, patterns);
}

/** What names an ID for people where nothing else does. */
export function shortId(id: CID): string {
  return id.toString().slice(7, 19);
}
