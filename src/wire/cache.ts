import { timestamp } from '../base/clock.js';
import type { CachedFile, CacheSummary, CacheVerified } from '../flows/cache.js';
import type { Amount, Pruned } from '../workspace/cache/prune.js';

export interface CacheView {
  readonly root: string;
  readonly limit: number;
  readonly own: Amount;
  readonly linked: Amount;
  readonly damaged: Amount;
  readonly entries: Iterable<CachedFileView>;
}

export interface CachedFileView {
  readonly id: string;
  readonly size: number;
  /** `2026-01-02T03:04:05.000Z` */
  readonly used: string;
  readonly linked: boolean;
}

export function cacheView({ root, limit, own, linked, damaged, entries }: CacheSummary): CacheView {
  return { root, limit, own, linked, damaged, entries: views(entries) };
}

/** For `--jsonl`: the summary, then each file. */
export function* cacheLines({ entries, ...summary }: CacheView): Generator<object> {
  yield { line: 'cache', ...summary };
  for (const entry of entries) yield { line: 'entry', ...entry };
}

function* views(entries: Iterable<CachedFile>): Generator<CachedFileView> {
  for (const { id, size, usedMs, isLinked } of entries) {
    yield { id: id.toString(), size, used: timestamp(usedMs), linked: isLinked };
  }
}

export interface PrunedView {
  readonly removed: Amount;
  readonly kept: Amount;
  readonly linked: Amount;
  readonly dryRun: boolean;
}

export function prunedView({ removed, kept, linked }: Pruned, dryRun: boolean): PrunedView {
  return { removed, kept, linked, dryRun };
}

export interface CacheVerifiedView {
  readonly intact: Amount;
  readonly removed: readonly string[];
}

export function cacheVerifiedView({ intact, removed }: CacheVerified): CacheVerifiedView {
  return { intact, removed: removed.map(String) };
}
