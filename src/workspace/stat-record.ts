import type { FileStat } from './file-stat.js';

/** A stat as bytes for temporary lists: f64 size, u64 inode, then both times as f64 seconds and u32 nanoseconds. */
export const STAT_RECORD = 8 + 8 + 12 + 12;

const SECOND_NS = 1_000_000_000n;

/** Writes a stat at `at`, where `STAT_RECORD` bytes must be free; returns where it ends. */
export function putStat(target: Buffer, at: number, { size, ino, mtimeNs, ctimeNs }: FileStat): number {
  target.writeDoubleLE(size, at);
  target.writeBigUInt64LE(ino, at + 8);
  return putTime(target, putTime(target, at + 16, mtimeNs), ctimeNs);
}

/** The stat at `at`. */
export function takeStat(record: Buffer, at: number): FileStat {
  return {
    size: record.readDoubleLE(at),
    mtimeNs: takeTime(record, at + 16),
    ctimeNs: takeTime(record, at + 28),
    ino: record.readBigUInt64LE(at + 8),
  };
}

/** In two parts, because file systems have times that nanoseconds in 64 bits have not. */
function putTime(target: Buffer, at: number, timeNs: bigint): number {
  const nanoseconds = ((timeNs % SECOND_NS) + SECOND_NS) % SECOND_NS;
  target.writeDoubleLE(Number((timeNs - nanoseconds) / SECOND_NS), at);
  return target.writeUInt32LE(Number(nanoseconds), at + 8);
}

function takeTime(record: Buffer, at: number): bigint {
  return BigInt(record.readDoubleLE(at)) * SECOND_NS + BigInt(record.readUInt32LE(at + 8));
}
