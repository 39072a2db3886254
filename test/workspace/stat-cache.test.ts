import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { hex, utf8 } from '#src/base/bytes.js';
import { sha256 } from '#src/id/hash.js';
import { type CrawledFile, crawl } from '#src/workspace/crawl.js';
import { fileSystemNow, isSettled } from '#src/workspace/fresh.js';
import { StatCache, statCachePath } from '#src/workspace/stat-cache.js';
import { StatCacheWriter } from '#src/workspace/stat-writer.js';
import { type Workspace, workspaceAt } from '#src/workspace/workspace.js';
import { tempDir } from '../support/tmp.js';

const TRACKED = 'data';
const DATASET = sha256(utf8('a dataset'));
/** Longer than any tick, so that what was written before is settled. */
const TICK_MS = 50;

let workspace: Workspace;
let root: string;

beforeEach(async () => {
  workspace = workspaceAt(await tempDir());
  root = join(workspace.root, TRACKED);
  mkdirSync(workspace.tmpDir, { recursive: true });
  mkdirSync(root);
});

function put(path: string, text = path): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** Hashes what is there, as ingest does, and writes the cache. */
function hashAll(now = fileSystemNow(workspace.tmpDir)): void {
  const writer = new StatCacheWriter(workspace, TRACKED, now);
  for (const file of crawl(root)) {
    if (file.type === 'link') writer.link(file.path, file.target);
    else writer.file(file.path, file.stat, sha256(readFileSync(file.absolute)));
  }
  writer.finish(DATASET);
}

/** The paths that match, and whether all is unchanged; every digest that is given must be right. */
function matching(tracked = TRACKED): { matches: string[]; isUnchanged: boolean } {
  const cache = StatCache.open(workspace, tracked);
  const matches: string[] = [];
  for (const file of crawl(root)) {
    const digest = cache.match(file);
    if (digest === undefined) continue;
    const bytes = file.type === 'link' ? utf8(file.target) : readFileSync(file.absolute);
    expect(hex(digest)).toBe(hex(sha256(bytes)));
    matches.push(file.path);
  }
  const isUnchanged = cache.isUnchanged();
  cache.close();
  return { matches, isUnchanged };
}

async function settledTree(): Promise<void> {
  for (const path of ['a', 'b/c', 'b/d', 'b-', 'é', 'z']) put(path);
  symlinkSync('a', join(root, 'link'));
  await sleep(TICK_MS);
  hashAll();
}

describe('matching', () => {
  test('knows what did not change', async () => {
    await settledTree();
    expect(matching()).toEqual({ matches: ['a', 'b-', 'b/c', 'b/d', 'link', 'z', 'é'], isUnchanged: true });
    const cache = StatCache.open(workspace, TRACKED);
    const bytes = 'ab/cb/db-éz'.length + 1; // each file holds its path
    expect(cache.dataset).toEqual({ digest: new Uint8Array(DATASET), count: 7, bytes });
    cache.close();
  });

  test.each<[string, () => void, string]>([
    ['another size', () => put('b/c', 'longer than before'), 'b/c'],
    ['the same size', () => put('b/c', 'c/b'), 'b/c'],
    ['another mtime', () => utimesSync(join(root, 'z'), 1, 1), 'z'],
    ['another target', () => [rmSync(join(root, 'link')), symlinkSync('z', join(root, 'link'))], 'link'],
    ['a file for a link', () => [rmSync(join(root, 'link')), put('link')], 'link'],
    ['a link for a file', () => [rmSync(join(root, 'a')), symlinkSync('z', join(root, 'a'))], 'a'],
    ['a removed file', () => rmSync(join(root, 'a')), 'a'],
    [
      'another file moved there',
      () => [put('new', 'a'), renameSync(join(root, 'new'), join(root, 'a'))],
      'a',
    ],
  ])('sees %s', async (_, change, path) => {
    await settledTree();
    change();
    const { matches, isUnchanged } = matching();
    expect(isUnchanged).toBe(false);
    expect(matches).toEqual(['a', 'b-', 'b/c', 'b/d', 'link', 'z', 'é'].filter((other) => other !== path));
  });

  test('sees a new file', async () => {
    await settledTree();
    put('b/cc');
    expect(matching().isUnchanged).toBe(false);
    expect(matching().matches).toHaveLength(7);
  });

  test('knows nothing without a file, or of another path', async () => {
    expect(matching()).toEqual({ matches: [], isUnchanged: false });
    await settledTree();
    expect(matching('other')).toEqual({ matches: [], isUnchanged: false });
    mkdirSync(workspace.statDir, { recursive: true });
    renameSync(statCachePath(workspace, TRACKED), statCachePath(workspace, 'other'));
    expect(matching('other')).toEqual({ matches: [], isUnchanged: false });
  });

  test('of an empty folder is unchanged while it is empty', () => {
    hashAll();
    expect(matching()).toEqual({ matches: [], isUnchanged: true });
    put('a');
    expect(matching().isUnchanged).toBe(false);
  });

  test('goes through more entries than it holds at once', () => {
    const files = Array.from({ length: 30_000 }, (_, i): CrawledFile & { type: 'file' } => {
      const path = `${'n'.repeat(200)}/${String(i).padStart(6, '0')}`;
      const stat = { size: i, mtimeNs: BigInt(i), ctimeNs: BigInt(i), ino: BigInt(i) };
      return { path, absolute: path, type: 'file', stat };
    });
    const writer = new StatCacheWriter(workspace, TRACKED, 10n ** 12n);
    for (const { path, stat } of files) writer.file(path, stat, sha256(utf8(path)));
    writer.finish(DATASET);
    const cache = StatCache.open(workspace, TRACKED);
    for (const file of files) expect(hex(cache.match(file) ?? DATASET)).toBe(hex(sha256(utf8(file.path))));
    expect(cache.isUnchanged()).toBe(true);
    cache.close();
  });
});

describe('trust', { timeout: 60_000 }, () => {
  test('an edit of the same size right after hashing is never missed', () => {
    for (let round = 0; round < 200; round++) {
      put('file', `${round}`.padStart(8));
      utimesSync(join(root, 'file'), 1_000_000, 1_000_000);
      hashAll();
      put('file', `${round + 1}`.padStart(8));
      utimesSync(join(root, 'file'), 1_000_000, 1_000_000);
      expect(matching()).toEqual({ matches: [], isUnchanged: false });
    }
  });

  test('what was written just before hashing is read again next time, and then trusted', async () => {
    put('fresh');
    hashAll();
    expect(matching()).toEqual({ matches: [], isUnchanged: false });
    await sleep(TICK_MS);
    hashAll();
    expect(matching()).toEqual({ matches: ['fresh'], isUnchanged: true });
  });

  test('needs both times to be older than the tick of the file system', () => {
    const at = (mtimeNs: bigint, ctimeNs: bigint) => ({ size: 1, ino: 1n, mtimeNs, ctimeNs });
    const s = 1_000_000_000n;
    const now = 1000n * s + 5n;
    const old = 500n * s + 1n;
    expect(isSettled(at(old, old), now)).toBe(true);
    expect(isSettled(at(now, old), now)).toBe(false);
    expect(isSettled(at(old, now), now)).toBe(false);
    expect(isSettled(at(old, now - 19_000_000n), now)).toBe(false);
    expect(isSettled(at(old, now - 21_000_000n), now)).toBe(true);
    expect(isSettled(at(old, now + s), now)).toBe(false);
    expect(isSettled(at(old, 999n * s), now)).toBe(false);
    expect(isSettled(at(old, 997n * s), now)).toBe(true);
  });

  test('the clock of the file system goes on, and asking it leaves nothing', async () => {
    const before = fileSystemNow(workspace.tmpDir);
    await sleep(TICK_MS);
    expect(fileSystemNow(workspace.tmpDir)).toBeGreaterThan(before);
    expect(readdirSync(workspace.tmpDir)).toEqual([]);
  });
});

describe('the file', () => {
  test.each<[string, (path: string) => void]>([
    ['a pipe', (path) => execFileSync('mkfifo', [path])],
    ['a folder', (path) => mkdirSync(path)],
  ])('with %s in its place is as good as none', (_, make) => {
    const path = statCachePath(workspace, TRACKED);
    mkdirSync(dirname(path), { recursive: true });
    make(path);
    expect(StatCache.open(workspace, TRACKED).dataset).toBeUndefined();
    put('a');
    hashAll();
    expect(StatCache.open(workspace, TRACKED).dataset?.digest).toEqual(new Uint8Array(DATASET));
  });

  test('with any byte changed, or cut anywhere, is as good as none', async () => {
    put('a');
    put('b');
    await sleep(TICK_MS);
    hashAll();
    const path = statCachePath(workspace, TRACKED);
    const whole = readFileSync(path);
    for (let i = 0; i < whole.length; i++) {
      const broken = Buffer.from(whole);
      broken[i] = (broken[i] ?? 0) ^ 0x55;
      writeFileSync(path, broken);
      expect(matching()).toEqual({ matches: [], isUnchanged: false });
      truncateSync(path, 0);
      writeFileSync(path, whole.subarray(0, i));
      expect(matching()).toEqual({ matches: [], isUnchanged: false });
    }
    writeFileSync(path, whole);
    expect(matching().isUnchanged).toBe(true);
  });

  test('stays as it was when its successor is given up', async () => {
    await settledTree();
    const writer = new StatCacheWriter(workspace, TRACKED, 0n);
    writer.link('x', 'y');
    writer.discard();
    writer.discard();
    expect(matching().isUnchanged).toBe(true);
    expect(readdirSync(workspace.tmpDir)).toEqual([]);
  });

  test('can hold times that do not fit', () => {
    const writer = new StatCacheWriter(workspace, TRACKED, 0n);
    writer.file(
      'a',
      { size: 2 ** 53 - 1, mtimeNs: -(2n ** 80n), ctimeNs: -(2n ** 80n), ino: 2n ** 64n - 1n },
      DATASET,
    );
    writer.finish(DATASET);
    expect(existsSync(statCachePath(workspace, TRACKED))).toBe(true);
  });
});
