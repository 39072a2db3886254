import type { BigIntStats } from 'node:fs';
import { isProtected } from './protected.js';

/** How the operating system describes a file; two equal ones mean that nothing changed between them. */
export interface FileStat {
  readonly size: number;
  readonly mtimeNs: bigint;
  /** Of a protected file, whose time of change tells nothing, the same as `mtimeNs`. */
  readonly ctimeNs: bigint;
  readonly ino: bigint;
}

/** What a `FileStat` is taken from. */
export type Stats = Pick<BigIntStats, keyof FileStat | 'mode'>;

export function fileStat(stats: Stats): FileStat {
  const { size, mtimeNs, ino } = stats;
  return { size: Number(size), mtimeNs, ctimeNs: changeTime(stats), ino };
}

/** When anything about a file changed, as far as it tells whether its content may have. */
export function changeTime(stats: Pick<Stats, 'mode' | 'mtimeNs' | 'ctimeNs'>): bigint {
  return isProtected(stats) ? stats.mtimeNs : stats.ctimeNs;
}

export function sameStat(a: FileStat, b: FileStat): boolean {
  return a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs && a.ino === b.ino;
}
