import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { utf8 } from '#src/base/bytes.js';
import { ownedName } from '#src/base/owner.js';
import { sha256 } from '#src/id/hash.js';
import {
  admit,
  type CachedContent,
  entryPath,
  hasEntry,
  linkEntry,
  USED,
} from '#src/workspace/cache/entry.js';
import { type CacheFolder, cacheStaging, findCache, openCache } from '#src/workspace/cache/folder.js';
import { listEntries } from '#src/workspace/cache/list.js';
import { prune, settleGrowth } from '#src/workspace/cache/prune.js';
import { changeTime, fileStat, sameStat } from '#src/workspace/file-stat.js';
import { isProtected, isProtectedTime, protectedTime } from '#src/workspace/protected.js';
import { tempDir } from '../support/tmp.js';

const NOW = Date.UTC(2026, 0, 2);
const HOUR = 3_600_000;

let dir: string;
let cache: CacheFolder;

beforeEach(async () => {
  dir = await tempDir();
  cache = openCache({ dir, size: 1000 });
});

const contentOf = (text: string): CachedContent => ({ digest: sha256(utf8(text)), size: utf8(text).length });

/** Puts a text into the cache. */
function put(text: string, now = NOW): string {
  const { digest } = contentOf(text);
  admit(cache, digest, now, (staged) => writeFileSync(staged, text, { flag: 'wx' }));
  return entryPath(cache, digest);
}

const looks = (path: string) => lstatSync(path, { bigint: true });
const link = (text: string, to: string, now = NOW) => linkEntry(cache, contentOf(text), now, join(dir, to));

describe('the date of a protected file', () => {
  test('is a function of its content, which every file system can keep', () => {
    const times = Array.from({ length: 500 }, (_, i) => protectedTime(sha256(utf8(String(i)))));
    expect(new Set(times).size).toBe(500);
    for (const time of times) {
      expect(time % 60).not.toBe(0);
      expect(new Date(time * 1000).getUTCFullYear()).toBeGreaterThanOrEqual(1984);
      expect(new Date(time * 1000).getUTCFullYear()).toBeLessThanOrEqual(1992);
      expect(isProtectedTime(BigInt(time) * 1_000_000_000n)).toBe(true);
      expect(isProtectedTime(BigInt(time) * 1_000_000_000n + 1n)).toBe(false);
    }
    // The beginning of 1970 and of 1980, what npm dates its files, the beginning of 1990, and 2026.
    for (const other of [0n, 315_532_800n, 499_162_500n, 631_152_000n, 1_767_225_603n])
      expect(isProtectedTime(other * 1_000_000_000n)).toBe(false);
  });

  test('makes that the time of change does not count, as long as the file is read-only', () => {
    const path = put('text');
    const before = fileStat(looks(path));
    linkSync(path, join(dir, 'name'));
    expect(looks(path).ctimeNs).not.toBe(looks(path).mtimeNs);
    expect(sameStat(before, fileStat(looks(path)))).toBe(true);
    chmodSync(path, 0o644);
    expect(isProtected(looks(path))).toBe(false);
    expect(changeTime(looks(path))).toBe(looks(path).ctimeNs);
    expect(sameStat(before, fileStat(looks(path)))).toBe(false);
  });

  test('is not one that an archive gives to all its files: then the time of change counts', () => {
    const path = join(dir, 'packed');
    writeFileSync(path, 'packed');
    const npm = Date.UTC(1985, 9, 26, 8, 15) / 1000;
    utimesSync(path, npm, npm);
    chmodSync(path, 0o444);
    expect(changeTime(looks(path))).toBe(looks(path).ctimeNs);
  });

  test('does not survive a write, nor a copy of another file with its date', () => {
    const path = put('text');
    const before = fileStat(looks(path));
    chmodSync(path, 0o644);
    writeFileSync(path, 'TEXT');
    chmodSync(path, 0o444);
    expect(sameStat(before, fileStat(looks(path)))).toBe(false);
    // As rsync --inplace --times would, from another file of the cache.
    const other = looks(put('next'));
    chmodSync(path, 0o644);
    writeFileSync(path, 'next');
    utimesSync(path, Number(other.mtimeNs / 1_000_000_000n), Number(other.mtimeNs / 1_000_000_000n));
    chmodSync(path, 0o444);
    expect(isProtected(looks(path))).toBe(true);
    expect(sameStat(before, fileStat(looks(path)))).toBe(false);
    expect(hasEntry(cache, contentOf('text'))).toBe(false);
  });
});

describe('the folder', () => {
  test('is made for this user alone', () => {
    const { mode } = statSync(cache.root);
    expect(mode & 0o777).toBe(0o700);
    expect(statSync(put('a')).mode & 0o777).toBe(0o444);
  });

  test.each<[string, (root: string) => void]>([
    ['others may write to it', (root) => chmodSync(root, 0o770)],
    ['others may read it', (root) => chmodSync(root, 0o755)],
    [
      'it is a link',
      (root) => {
        renameSync(root, join(dir, 'moved'));
        symlinkSync(join(dir, 'moved'), root);
      },
    ],
  ])('is not used when %s', (_, spoil) => {
    spoil(cache.root);
    const unsafe = expect.objectContaining({
      code: 'E_UNSAFE',
      hint: expect.stringContaining('DVS_CACHE_DIR'),
    });
    expect(() => openCache({ dir, size: 1 })).toThrow(unsafe);
    expect(() => findCache({ dir, size: 1 })).toThrow(unsafe);
  });

  test.skipIf(process.geteuid?.() !== 0)('nor when it is another user’s', () => {
    chownSync(cache.root, 65534, 65534);
    expect(() => openCache({ dir, size: 1 })).toThrow(expect.objectContaining({ code: 'E_UNSAFE' }));
  });

  test('is not made by a look', async () => {
    const other = await tempDir();
    expect(findCache({ dir: other, size: 1 })).toBeUndefined();
    expect(readdirSync(other)).toEqual([]);
  });
});

describe('a file in the cache', () => {
  test('gets further names, and is one file', () => {
    put('a');
    const stat = link('a', 'x');
    expect(stat?.ino).toBe(link('a', 'y')?.ino);
    expect(readFileSync(join(dir, 'x'), 'utf8')).toBe('a');
    expect(link('b', 'z')).toBeUndefined();
    expect(existsSync(join(dir, 'z'))).toBe(false);
  });

  test('leaves nothing behind when it could not be written', () => {
    const fail = (staged: string): void => {
      writeFileSync(staged, 'half');
      throw new Error('full');
    };
    expect(() => admit(cache, contentOf('a').digest, NOW, fail)).toThrow('full');
    expect(readdirSync(cacheStaging(cache))).toEqual([]);
    expect([...listEntries(cache)]).toEqual([]);
  });

  test.each<[string, (path: string) => void]>([
    ['can be written to', (path) => chmodSync(path, 0o644)],
    ['has another date', (path) => utimesSync(path, 1, 1)],
    [
      'has another length',
      (path) => {
        const { mtimeNs } = looks(path);
        chmodSync(path, 0o644);
        writeFileSync(path, 'longer');
        utimesSync(path, Number(mtimeNs / 1_000_000_000n), Number(mtimeNs / 1_000_000_000n));
        chmodSync(path, 0o444);
      },
    ],
    [
      'is a link to an intact one',
      (path) => {
        renameSync(path, join(dir, 'real'));
        symlinkSync(join(dir, 'real'), path);
      },
    ],
    [
      'is a folder',
      (path) => {
        rmSync(path);
        mkdirSync(path);
        writeFileSync(join(path, 'x'), '');
      },
    ],
  ])('is thrown away when it %s', (_, spoil) => {
    const path = put('a');
    spoil(path);
    const canLink = lstatSync(path).isFile();
    if (canLink) expect(link('a', 'x')).toBeUndefined();
    expect(hasEntry(cache, contentOf('a'))).toBe(false);
    expect(existsSync(path)).toBe(false);
    expect(existsSync(join(dir, 'x'))).toBe(false);
    put('a');
    expect(link('a', 'x')).toBeDefined();
  });

  test.skipIf(process.geteuid?.() !== 0)('or when it is another user’s', () => {
    const path = put('a');
    chownSync(path, 65534, 65534);
    expect(link('a', 'x')).toBeUndefined();
    expect(existsSync(path)).toBe(false);
  });

  test('is marked as used beside it, so that a write to it cannot be hidden by that', () => {
    const path = put('a');
    link('a', 'x', NOW + HOUR / 2);
    expect(existsSync(path + USED)).toBe(false);
    link('a', 'y', NOW + 3 * HOUR);
    expect([...listEntries(cache)]).toMatchObject([
      { usedMs: NOW + 3 * HOUR, isLinked: true, isIntact: true },
    ]);
  });
});

describe('prune', () => {
  test('removes what was not used for longest', async () => {
    const [a, b, c] = ['aaaa', 'bbbb', 'cccc'].map((text, i) => put(text, NOW + i * HOUR));
    expect(await prune(cache, { to: 8, dryRun: true })).toMatchObject({ removed: { files: 1, bytes: 4 } });
    expect([...listEntries(cache)]).toHaveLength(3);
    expect(await prune(cache, { to: 8 })).toEqual({
      removed: { files: 1, bytes: 4 },
      kept: { files: 2, bytes: 8 },
      linked: { files: 0, bytes: 0 },
    });
    expect([a, b, c].map((path) => existsSync(String(path)))).toEqual([false, true, true]);
    link('bbbb', 'x', NOW + 9 * HOUR);
    rmSync(join(dir, 'x'));
    await prune(cache, { to: 7 });
    expect([b, c].map((path) => existsSync(String(path)))).toEqual([true, false]);
    await prune(cache, { to: 0 });
    expect([...listEntries(cache)]).toEqual([]);
    expect(readdirSync(join(String(b), '..'))).toEqual([]);
  });

  test('spares what workspaces have as hard links, which frees nothing, unless told otherwise', async () => {
    put('linked');
    link('linked', 'x');
    put('own');
    expect(await prune(cache, { to: 0 })).toMatchObject({
      removed: { files: 1 },
      linked: { files: 1, bytes: 6 },
    });
    expect(await prune(cache, { to: 0, all: true })).toMatchObject({ removed: { files: 1 } });
    expect(readFileSync(join(dir, 'x'), 'utf8')).toBe('linked');
  });

  test('removes what is damaged, and what ended processes left', async () => {
    chmodSync(put('damaged'), 0o644);
    put('good');
    const dead = ownedName().replace(/^\d+/, '4194305');
    writeFileSync(join(cacheStaging(cache), dead), 'half');
    writeFileSync(join(cacheStaging(cache), ownedName()), 'under way');
    expect(await prune(cache, { to: 1000 })).toMatchObject({
      removed: { files: 1, bytes: 7 },
      kept: { files: 1 },
    });
    expect(readdirSync(cacheStaging(cache))).toHaveLength(1);
  });

  test('happens by itself when the cache has outgrown its size', async () => {
    for (let i = 0; i < 20; i++) put(String(i).padStart(100, '0'), NOW + i * HOUR);
    await settleGrowth(cache, 900, 1000);
    expect([...listEntries(cache)]).toHaveLength(20);
    await settleGrowth(cache, 200, 1000);
    expect([...listEntries(cache)].map(({ size }) => size)).toEqual(Array(9).fill(100));
    await settleGrowth(cache, 50, 1000); // it was counted: 950 by now
    await settleGrowth(cache, 50, 1000);
    expect([...listEntries(cache)]).toHaveLength(9);
  });

  test('by several at once, while others put files there and link them, takes nothing from anybody', async () => {
    const texts = Array.from({ length: 200 }, (_, i) => `text ${i}`);
    const use = async (name: string): Promise<void> => {
      for (const [i, text] of texts.entries()) {
        let linked = link(text, `${name}${i}`);
        for (let tries = 0; linked === undefined && tries < 20; tries++) {
          put(text);
          linked = link(text, `${name}${i}`);
        }
        expect(readFileSync(join(dir, `${name}${i}`), 'utf8')).toBe(text);
        if (i % 10 === 0) await new Promise(setImmediate);
      }
    };
    const clear = async (): Promise<void> => {
      for (let i = 0; i < 5; i++) await prune(cache, { to: 0, all: true });
    };
    await Promise.all([use('a'), clear(), use('b'), clear()]);
    for (const [i, text] of texts.entries()) expect(readFileSync(join(dir, `a${i}`), 'utf8')).toBe(text);
  });
});
