import { basename, dirname } from 'node:path';
import { DvsError } from '../../base/errors.js';
import { datasetSchema } from '../../entities/dataset.js';
import type { CID } from '../../id/cid.js';
import type { Resolved } from '../../ops/resolve/resolve.js';
import { entries, lookup } from '../../tree/read.js';
import { matcher, prefixesOf } from '../../workspace/patterns.js';
import type { Repository } from '../repository.js';
import type { Job, Views } from './job.js';

const WHOLE: Views = { before: undefined, after: undefined, begins: false };

/** Brings a version, a folder of one or a file to a place that is not tracked. */
export async function elsewhereJob(
  repo: Repository,
  dest: string,
  resolved: Resolved,
  patterns: readonly string[],
): Promise<Job> {
  const { path } = resolved;
  const chosen = matcher(patterns);
  const file = path === '' ? undefined : await lookup(datasetSchema, repo.store.objects, resolved.id, path);
  if (file !== undefined) {
    const name = basename(dest);
    const place = (entry: string): string | undefined => (entry === path ? name : undefined);
    const covers = (there: string): boolean => there === name;
    const root = dirname(dest);
    return {
      root,
      dest,
      type: 'file',
      isPartial: true,
      views: WHOLE,
      tracked: undefined,
      resolved,
      place,
      prefixes: [path],
      recordedPath: () => path,
      covers,
    };
  }
  const prefix = path === '' ? '' : `${path}/`;
  if (prefix !== '') await assertFolder(repo, resolved.id, prefix, path);
  return {
    root: dest,
    dest,
    type: 'folder',
    isPartial: path !== '' || patterns.length > 0,
    views: WHOLE,
    tracked: undefined,
    resolved,
    place: (entry) => {
      if (!entry.startsWith(prefix)) return undefined;
      const inside = entry.slice(prefix.length);
      return chosen(inside) ? inside : undefined;
    },
    prefixes: prefixesOf(patterns).map((inside) => prefix + inside),
    recordedPath: (there) => prefix + there,
    covers: chosen,
  };
}

async function assertFolder(repo: Repository, id: CID, prefix: string, path: string): Promise<void> {
  for await (const _ of entries(datasetSchema, repo.store.objects, id, { prefix })) return;
  throw new DvsError('E_NOT_FOUND', `the dataset has nothing at ${path}`, { hint: 'List it with `dvs ls`.' });
}
