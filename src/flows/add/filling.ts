import { isDvsError, systemCode } from '../../base/errors.js';
import { makePath } from '../../base/make-path.js';
import { chooseLinking } from '../../ops/checkout/linking.js';
import type { Filling } from '../../ops/ingest/filling.js';
import { openCache } from '../../workspace/cache/folder.js';
import { settleGrowth } from '../../workspace/cache/prune.js';
import { fileSystemNow } from '../../workspace/fresh.js';
import type { Repository } from '../repository.js';

/** How to clone what is added into the cache; undefined where that cannot be done. */
export function chooseFilling({ cache, clock, workspace }: Repository): Filling | undefined {
  if (cache === undefined || cache.size === 0) return undefined;
  try {
    // Where the files are, and not the store: that may be on another disk, with another clock.
    makePath(workspace.tmpDir);
    const { linking } = chooseLinking('auto', cache, workspace.tmpDir, clock());
    return linking && { ...linking, readAtNs: fileSystemNow(workspace.tmpDir) };
  } catch (error) {
    if (systemCode(error) === undefined && !isDvsError(error)) throw error;
    return undefined; // no `add` fails for its sake
  }
}

/** Makes room in the cache when so many bytes more are too much for it. An `add` never fails for its sake. */
export async function settleCache({ cache }: Repository, bytes: number): Promise<void> {
  if (cache === undefined || bytes === 0) return;
  try {
    await settleGrowth(openCache(cache), bytes, cache.size);
  } catch (error) {
    if (!isDvsError(error)) throw error;
  }
}
