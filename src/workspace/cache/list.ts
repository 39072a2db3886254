import { type BigIntStats, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fromHex } from '../../base/bytes.js';
import { ioError, systemCode } from '../../base/errors.js';
import type { Digest } from '../../id/hash.js';
import { type FileStat, fileStat } from '../file-stat.js';
import { entryPath, isIntact, USED } from './entry.js';
import type { CacheFolder } from './folder.js';

/** A file in the cache. */
export interface CacheEntry {
  readonly digest: Digest;
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  readonly stat: FileStat;
  /** When it was last used, in milliseconds since the epoch: to the hour. */
  readonly usedMs: number;
  /** Whether some workspace has it as a hard link, so that to remove it here frees no room. */
  readonly isLinked: boolean;
  /** Whether it looks as dvs left it; else nothing is ever made of it. */
  readonly isIntact: boolean;
}

const SHARD = /^[0-9a-f]{2}$/;
const ENTRY = /^[0-9a-f]{64}$/;

/** Every file in the cache, by content. Memory is that of the names in one of its 256 folders. */
export function* listEntries(cache: CacheFolder): Generator<CacheEntry> {
  for (const shard of namesIn(cache.root).filter((name) => SHARD.test(name))) {
    const names = namesIn(join(cache.root, shard));
    const marked = new Set(names.filter((name) => name.endsWith(USED)));
    for (const name of names) {
      const digest = ENTRY.test(name) && name.startsWith(shard) ? fromHex(name) : undefined;
      const entry = digest && look(cache, digest, marked.has(name + USED));
      if (entry !== undefined) yield entry;
    }
  }
}

function look(cache: CacheFolder, digest: Digest, isMarked: boolean): CacheEntry | undefined {
  const path = entryPath(cache, digest);
  const stats = statOf(path);
  if (stats === undefined) return undefined;
  const size = Number(stats.size);
  const marker = isMarked ? statOf(path + USED) : undefined;
  return {
    digest,
    path,
    size,
    stat: fileStat(stats),
    usedMs: Math.max(Number(stats.atimeMs), Number(marker?.mtimeMs ?? 0)),
    isLinked: stats.nlink > 1n && stats.isFile(),
    isIntact: isIntact(cache, stats, { digest, size }),
  };
}

function statOf(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    throw ioError(error, 'reading', path);
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return [];
    throw ioError(error, 'reading', folder);
  }
}
