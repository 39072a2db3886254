import { join, sep } from 'node:path';
import { DvsError } from '../../base/errors.js';
import { isReservedSegment } from '../../entities/path.js';
import { liesIn } from '../../workspace/contain.js';
import type { LockEntry } from '../../workspace/lock.js';
import type { Repository } from '../repository.js';

/** Refuses a place where a checkout could remove or overwrite what other tracked paths or dvs itself need. */
export function assertSafeDest(repo: Repository, lock: ReadonlyMap<string, LockEntry>, dest: string): void {
  const { root, ownDir, storeDir } = repo.workspace;
  const precious = [root, ownDir, storeDir, ...[...lock.keys()].map((path) => join(root, path))];
  const endangered = precious.find((path) => liesIn(path, dest));
  const reserved = dest.split(sep).find(isReservedSegment);
  if (reserved !== undefined) {
    throw new DvsError('E_UNSAFE', `${dest} lies in ${reserved}, where no data belongs`, {
      about: [dest],
      hint: 'Name a folder of its own.',
    });
  }
  const inStore = dest.startsWith(storeDir + sep) || dest.startsWith(ownDir + sep);
  if (endangered === undefined && !inStore) return;
  throw new DvsError(
    'E_UNSAFE',
    `${dest} holds ${inStore ? 'the store' : `${endangered}`}; a checkout there could damage it`,
    {
      about: [dest],
      hint: 'Name a folder of its own.',
    },
  );
}

/** Refuses (E_UNSAFE) a place in a tracked path: what a part removes there, and leaves, would change that dataset. */
export function assertNotTracked(
  { workspace }: Repository,
  lock: ReadonlyMap<string, LockEntry>,
  dest: string,
): void {
  const tracked = [...lock.keys()].find((path) => liesIn(dest, join(workspace.root, path)));
  if (tracked === undefined) return;
  throw new DvsError(
    'E_UNSAFE',
    `${dest} lies in ${tracked}, which is tracked: a part there would change it`,
    {
      about: [dest],
      hint: 'Name a folder of its own.',
    },
  );
}
