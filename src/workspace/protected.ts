import { type BigIntStats, constants } from 'node:fs';
import { asBuffer } from '../base/bytes.js';
import type { Digest } from '../id/hash.js';

/*
 * A file of the machine-wide cache is read-only and dated by its content. So are its hard links, which tell by that
 * alone that nothing was written to them: a write gives another date, and a tool that copies dates along with bytes
 * brings that of the other content. The time of the last change of the inode tells nothing: it moves whenever the file
 * gets or loses a name, in whatever workspace.
 */

/** 1 January 1984, in seconds since the epoch: few files are as old, and formats that begin with 1980 can hold it. */
const EARLIEST = 441_763_200;
/** Eight and a half years, in whole seconds, which every file system with hard links can keep. */
const STEP = 4;
const DATES = 2 ** 26;
/** Seconds past each step: never a whole minute, as dates are that people choose (npm dates all files 1985-10-26 08:15). */
const ODD = 3;
const SECOND_NS = 1_000_000_000n;
const WRITABLE = 0o222n;

/** The modification time of a protected file with this content, in seconds since the epoch. */
export function protectedTime(digest: Digest): number {
  return EARLIEST + STEP * (asBuffer(digest).readUInt32BE(0) % DATES) + ODD;
}

/** Whether a file is dated as a protected one with this content is. */
export function isDatedBy({ mtimeNs }: Pick<BigIntStats, 'mtimeNs'>, digest: Digest): boolean {
  return mtimeNs === BigInt(protectedTime(digest)) * SECOND_NS;
}

/** Whether a modification time is one that `protectedTime` may have given. */
export function isProtectedTime(mtimeNs: bigint): boolean {
  if (mtimeNs % SECOND_NS !== 0n) return false;
  const seconds = Number(mtimeNs / SECOND_NS) - EARLIEST;
  return seconds >= 0 && seconds < STEP * DATES && seconds % STEP === ODD;
}

/** Whether this is a file that nobody may write to, with such a time. */
export function isProtected({ mode, mtimeNs }: Pick<BigIntStats, 'mode' | 'mtimeNs'>): boolean {
  const isFile = (mode & BigInt(constants.S_IFMT)) === BigInt(constants.S_IFREG);
  return isFile && (mode & WRITABLE) === 0n && isProtectedTime(mtimeNs);
}
