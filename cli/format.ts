const UNITS = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Bytes for people: `512 B`, `1.5 KiB`, `3.0 GiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${Math.round(bytes)} B`;
  let value = bytes;
  let unit = -1;
  // 1023.95 and up would be shown as 1024.0.
  while (unit < 0 || (value >= 1023.95 && unit < UNITS.length - 1)) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(1)} ${UNITS[unit]}`;
}

/** A count of things: `1 file`, `25,000 files`. */
export function count(number: number, thing: string): string {
  return `${thousands(number)} ${thing}${number === 1 ? '' : 's'}`;
}

/** `25,000`. */
export function thousands(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** The part of an ID that people go by: what follows the constant first 7, as references accept it. */
export function shortId(id: { toString(): string }): string {
  return id.toString().slice(7, 19);
}

/** `mnist:v3`, as far as it is known. */
export function versionName(name: string | undefined, version: number | undefined): string | undefined {
  return name === undefined || version === undefined ? name : `${name}:v${version}`;
}

/** `2026-01-02 03:04:05 UTC`, of a time as the log has it. */
export function formatTime(time: string): string {
  return time.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC');
}
