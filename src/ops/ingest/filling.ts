import type { CacheFolder } from '../../workspace/cache/folder.js';

/** What it takes to put files that are read into the cache of this machine. */
export interface Filling {
  readonly cache: CacheFolder;
  /** Smaller files are left out, in bytes. */
  readonly least: number;
  /** Bytes that are put there at most. */
  readonly limit: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** What `fileSystemNow` said before the first file was read. */
  readonly readAtNs: bigint;
}
