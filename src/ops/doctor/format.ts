import { GiB, MiB } from '../../base/limits.js';

/** Bytes for a line of the doctor: `1.5 GiB`, `310 MiB`. */
export function amount(bytes: number): string {
  return bytes >= GiB ? `${(bytes / GiB).toFixed(1)} GiB` : `${Math.round(bytes / MiB)} MiB`;
}

/** `410 MiB/s`, of bytes that took so many milliseconds. */
export function rate(bytes: number, ms: number): string {
  return `${amount((bytes * 1000) / Math.max(ms, 0.001))}/s`;
}
