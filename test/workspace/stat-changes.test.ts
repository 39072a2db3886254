import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { compareUtf8, utf8 } from '#src/base/bytes.js';
import { sha256 } from '#src/id/hash.js';
import type { CrawledFile } from '#src/workspace/crawl.js';
import { StatCache, statCachePath } from '#src/workspace/stat-cache.js';
import { type StatChange, statChanges } from '#src/workspace/stat-changes.js';
import { StatCacheWriter } from '#src/workspace/stat-writer.js';
import { type Workspace, workspaceAt } from '#src/workspace/workspace.js';
import { tempDir } from '../support/tmp.js';

const TRACKED = 'data';
const DATASET = sha256(utf8('a dataset'));
const NOW = 10n ** 12n;

let workspace: Workspace;

beforeEach(async () => {
  workspace = workspaceAt(await tempDir());
});

/** What each path is: the size of a file, or the target of a link. */
type Files = ReadonlyMap<string, number | string>;

function crawled(files: Files): CrawledFile[] {
  return [...files]
    .sort(([a], [b]) => compareUtf8(a, b))
    .map(([path, is]): CrawledFile => {
      if (typeof is === 'string') return { path, absolute: path, type: 'link', target: is };
      return { path, absolute: path, type: 'file', stat: { size: is, mtimeNs: 1n, ctimeNs: 1n, ino: 1n } };
    });
}

function put(writer: StatCacheWriter, file: CrawledFile): void {
  if (file.type === 'link') writer.link(file.path, file.target);
  else writer.file(file.path, file.stat, sha256(utf8(`${file.path} ${file.stat.size}`)));
}

/** The stat cache of these files, written one by one. */
function cacheOf(files: Files): Buffer {
  const writer = new StatCacheWriter(workspace, TRACKED, NOW);
  for (const file of crawled(files)) put(writer, file);
  writer.finish(DATASET);
  return readFileSync(statCachePath(workspace, TRACKED));
}

/** The stat cache of these files, written with what the one that is there says of them. */
function renewed(files: Files): { bytes: Buffer; changes: StatChange[] } {
  const cache = StatCache.open(workspace, TRACKED);
  try {
    const changes = [...statChanges(cache, crawled(files))];
    const writer = new StatCacheWriter(workspace, TRACKED, NOW);
    for (const change of changes) {
      if (change.type === 'same') writer.same(change.same);
      else if (change.type === 'other') put(writer, change.file);
    }
    writer.finish(DATASET);
    return { bytes: readFileSync(statCachePath(workspace, TRACKED)), changes };
  } finally {
    cache.close();
  }
}

test('what changed, went and came is told, and the rest is passed by', () => {
  cacheOf(
    new Map<string, number | string>([
      ['a', 1],
      ['b/c', 2],
      ['b/d', 3],
      ['e', 'a'],
      ['f', 'a'],
      ['g', 4],
    ]),
  );
  const now = new Map<string, number | string>([
    ['a', 1],
    ['b/c', 2],
    ['b/d', 30],
    ['e', 'a'],
    ['f', 'g'],
    ['h', 5],
  ]);
  const { changes } = renewed(now);
  const told = changes.map((change) => {
    if (change.type === 'same') return `${change.same.count} from ${change.same.path}`;
    return change.type === 'gone' ? `no ${change.path}` : change.file.path;
  });
  expect(told).toEqual(['1 from a', '1 from b/c', 'b/d', '1 from e', 'f', 'no g', 'h']);
});

test('a stat cache that is renewed is the very same as one written anew', async () => {
  const path: fc.Arbitrary<string> = fc.constantFrom(
    'a',
    'a-b',
    'a/x',
    'a/y',
    'a/z/w',
    'b',
    'b/ü',
    'c/漢',
    'c/d',
    'e',
  );
  const is = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom('a', 'b'));
  const files = fc.uniqueArray(fc.tuple(path, is), { selector: ([key]) => key }).map((list) => new Map(list));
  await fc.assert(
    fc.property(files, files, (before, now) => {
      cacheOf(before);
      const { bytes, changes } = renewed(now);
      expect(bytes).toEqual(cacheOf(now));
      const gone = changes.flatMap((change) => (change.type === 'gone' ? [change.path] : []));
      expect(new Set(gone)).toEqual(new Set([...before.keys()].filter((key) => !now.has(key))));
      for (const change of changes) {
        if (change.type !== 'other') continue;
        expect(before.get(change.file.path)).not.toBe(now.get(change.file.path));
      }
    }),
  );
});

test('long runs are passed by in pieces', () => {
  const files = new Map(
    Array.from({ length: 5_000 }, (_, i) => [`folder/${String(i).padStart(60, '0')}`, i]),
  );
  const anew = cacheOf(files);
  const { bytes, changes } = renewed(files);
  expect(bytes).toEqual(anew);
  expect(changes.length).toBeGreaterThan(5);
  expect(changes.length).toBeLessThan(50);
});

test('a stat cache with fewer entries than it says is not relied on', () => {
  const files = new Map<string, number | string>([
    ['a', 1],
    ['b', 2],
  ]);
  cacheOf(files);
  const cache = StatCache.open(workspace, TRACKED);
  try {
    cache.next(); // as if it had been read already
    expect(() => [...statChanges(cache, crawled(files))]).toThrow('other entries than it says');
  } finally {
    cache.close();
  }
});
