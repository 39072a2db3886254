import { isDvsError } from '../../base/errors.js';
import { chooseLinking } from '../../ops/checkout/linking.js';
import type { Filling } from '../../ops/ingest/filling.js';
import { openCache } from '../../workspace/cache/folder.js';
import { settleGrowth } from '../../workspace/cache/prune.js';
import { fileSystemNow } from '../../workspace/fresh.js';
import type { Repository } from '../repository.js';

/** How to clone what is added into the cache; undefined where that cannot be done. `folder`: one of this `add`'s own. */
export function chooseFilling({ cache, clock }: Repository, folder: string): Filling | undefined {
  const { linking } = chooseLinking('auto', cache, folder, clock());
  if (linking === undefined) return undefined;
  return { ...linking, readAtNs: fileSystemNow(folder) };
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
