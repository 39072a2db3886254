const UNITS = ['', 'k', 'm', 'g', 't', 'p'];

/** Bytes, as people write them: `0`, `500MiB`, `1.5 GB`, `20g`; a unit is always a power of 1024. Else undefined. */
export function parseSize(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d{1,15}(?:\.\d{1,9})?) ?([kmgtp]?)(?:i?b)?$/i.exec(text.trim()) ?? [];
  if (number === undefined) return undefined;
  const bytes = Math.round(Number(number) * 1024 ** UNITS.indexOf(unit.toLowerCase()));
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
