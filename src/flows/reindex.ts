import type { Repository } from './repository.js';

/** What the index was made from. */
export interface Reindexed {
  /** Of the log. */
  readonly entries: number;
  readonly packs: number;
  readonly objects: number;
}

/** Makes the catalogue again from packs and log alone; it holds nothing that they have not. */
export function reindex({ store }: Repository): Promise<Reindexed> {
  return store.catalogue.rebuild();
}
