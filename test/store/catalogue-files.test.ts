import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Level } from 'level';
import { describe, expect, test } from 'vitest';
import { crc32c, masked } from '#src/store/catalogue/crc32c.js';
import { isIntactLog, isIntactManifest, isIntactTable } from '#src/store/catalogue/files.js';
import { flipped, noise, numbers } from '../support/bytes.js';
import { tempDir } from '../support/tmp.js';

test('CRC-32C has the values of RFC 3720', () => {
  expect(crc32c(new Uint8Array(32)).toString(16)).toBe('8a9136aa');
  expect(crc32c(new Uint8Array(32).fill(255)).toString(16)).toBe('62a8ab43');
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i)).toString(16)).toBe('46dd794e');
  expect(crc32c(Buffer.from('x123456789x'), 1, 10).toString(16)).toBe('e3069283');
  expect(masked(0)).toBe(0xa282ead8);
});

/** What LevelDB wrote: by name, for `entries` of a hundred bytes each, in sessions of that many. */
async function written(entries: number, session: number): Promise<Map<string, Buffer>> {
  const folder = await tempDir();
  const bytes = noise(100 * entries);
  for (let from = 0; from < entries; from += session) {
    const db = new Level<Uint8Array, Uint8Array>(folder, {
      keyEncoding: 'view',
      valueEncoding: 'view',
      compression: false,
    });
    for (let i = from; i < from + session; i++)
      await db.put(bytes.subarray(100 * i, 100 * i + 33), bytes.subarray(100 * i + 33, 100 * i + 100));
    await db.close();
  }
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
}

const ofKind = (files: Map<string, Buffer>, pattern: RegExp): Buffer[] =>
  [...files].flatMap(([name, bytes]) => (pattern.test(name) ? [bytes] : []));

describe('what LevelDB wrote', () => {
  test('is intact: tables of one block and of many, logs of several blocks, manifests', async () => {
    for (const [entries, session] of [
      [3, 1],
      [6000, 1500],
      [1, 1],
    ] as const) {
      const files = await written(entries, session);
      const tables = ofKind(files, /\.ldb$/);
      const logs = ofKind(files, /\.log$/);
      const manifests = ofKind(files, /^MANIFEST/);
      expect(tables.length > 0).toBe(entries > session);
      expect(logs.length * manifests.length).toBeGreaterThan(0);
      expect(tables.map(isIntactTable)).not.toContain(false);
      expect(logs.map(isIntactLog)).not.toContain(false);
      expect(manifests.map(isIntactManifest)).not.toContain(false);
      expect(manifests.map(isIntactLog)).toContain(false);
    }
  });

  test('and was flipped, cut or overwritten is not', async () => {
    const files = await written(200, 100);
    const random = numbers(4);
    const [table] = ofKind(files, /\.ldb$/);
    const [log] = ofKind(files, /\.log$/);
    if (table === undefined || log === undefined) throw new Error('no table or no log');
    // Zeros fill the two places in the footer up to 40 bytes; nobody reads them.
    let padding = table.length - 8;
    while (table[padding - 1] === 0) padding--;
    for (let i = 0; i < 2000; i++) {
      const bit = random() % (8 * table.length);
      const isPadding = bit >> 3 >= padding && bit >> 3 < table.length - 8;
      if (!isPadding) expect(isIntactTable(flipped(table, bit)), `bit ${bit}`).toBe(false);
      const length = random() % table.length;
      expect(isIntactTable(table.subarray(0, length)), `cut at ${length}`).toBe(false);
    }
    for (let i = 0; i < 2000; i++) {
      const bit = random() % (8 * log.length);
      // Each record is of 122 bytes: checksum, length, type, batch. With a length beyond the end of the file it
      // looks like one that was not written in full, to LevelDB as well.
      const isLength = [4, 5].includes((bit >> 3) % 122);
      expect(isLength || !isIntactLog(flipped(log, bit)), `bit ${bit}`).toBe(true);
    }
    expect(isIntactLog(Buffer.from(log).fill(0, 200, 900))).toBe(false);
    expect(isIntactTable(new Uint8Array(table.length))).toBe(false);
  });

  test('a log may end early, or in zeros', async () => {
    const [log] = ofKind(await written(50, 50), /\.log$/);
    if (log === undefined) throw new Error('no log');
    for (let length = 0; length < log.length; length += 13) {
      expect(isIntactLog(log.subarray(0, length)), `cut at ${length}`).toBe(true);
    }
    expect(isIntactLog(Buffer.concat([log, Buffer.alloc(5000)]))).toBe(true);
    expect(isIntactLog(new Uint8Array(100))).toBe(true);
  });
});
