import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { utf8 } from '#src/base/bytes.js';
import { sha256 } from '#src/id/hash.js';
import { type CrawledFile, crawl } from '#src/workspace/crawl.js';
import { FolderStats } from '#src/workspace/folder-stats.js';
import { fileSystemNow, hasFolderTimes } from '#src/workspace/fresh.js';
import { lookAgain } from '#src/workspace/look.js';
import { changesOf, type LookChanges } from '#src/workspace/look-changes.js';
import { amongEntries } from '#src/workspace/look-merge.js';
import { StatCache, statCachePath } from '#src/workspace/stat-cache.js';
import { type StatChange, statChanges } from '#src/workspace/stat-changes.js';
import { StatCacheWriter } from '#src/workspace/stat-writer.js';
import { type Workspace, workspaceAt } from '#src/workspace/workspace.js';
import { tempDir } from '../support/tmp.js';

const TRACKED = 'data';
const DATASET = sha256(utf8('a dataset'));
/** Longer than any tick, so that what was written before is settled. */
const TICK_MS = 50;

/** What each path is: the content of a file, or the target of a link after `->`. */
type Files = ReadonlyMap<string, string>;

interface Place {
  readonly workspace: Workspace;
  readonly root: string;
}

async function place(): Promise<Place> {
  const workspace = workspaceAt(await tempDir());
  const root = join(workspace.root, TRACKED);
  mkdirSync(root);
  mkdirSync(workspace.tmpDir, { recursive: true });
  return { workspace, root };
}

/** Makes a folder hold these files; those that it has already are not touched. */
function bring({ root }: Place, files: Files, pruned: boolean): void {
  const here = new Map(
    [...crawl(root)].map((file) => [
      file.path,
      file.type === 'link'
        ? `->${readlinkSync(join(root, file.path))}`
        : readFileSync(join(root, file.path), 'utf8'),
    ]),
  );
  for (const [path, is] of here) if (files.get(path) !== is) rmSync(join(root, path));
  if (pruned) prune(root);
  for (const [path, is] of files) {
    if (here.get(path) === is) continue;
    const at = join(root, path);
    // Where a file should be there may be an empty folder.
    rmSync(at, { recursive: true, force: true });
    mkdirSync(dirname(at), { recursive: true });
    if (is.startsWith('->')) symlinkSync(is.slice(2), at);
    else writeFileSync(at, is);
  }
}

function prune(folder: string): void {
  for (const name of readdirSync(folder)) {
    const at = join(folder, name);
    if (!lstatSync(at).isDirectory()) continue;
    prune(at);
    if (readdirSync(at).length === 0) rmdirSync(at);
  }
}

function put(writer: StatCacheWriter, file: CrawledFile): void {
  if (file.type === 'link') writer.link(file.path, file.target);
  else writer.file(file.path, file.stat, sha256(readFileSync(file.absolute)));
}

/** Writes the stat cache from changes, or without any from everything that is there. */
function write(
  { workspace, root }: Place,
  readAtNs: bigint,
  changes?: Iterable<StatChange>,
  found?: LookChanges,
) {
  const writer = new StatCacheWriter(workspace, TRACKED, readAtNs, new FolderStats(root, readAtNs));
  for (const folder of found?.folders ?? []) writer.listing(folder);
  const all = changes ?? crawl(root, { onFolder: (path) => writer.listing(path) });
  for (const one of all) {
    if (!('absolute' in one)) {
      if (one.type === 'same') writer.same(one.same);
      else if (one.type === 'other') put(writer, one.file);
    } else put(writer, one);
  }
  writer.sawAll();
  writer.finish(DATASET);
  return readFileSync(statCachePath(workspace, TRACKED));
}

/** Has a look at what is there; undefined where it cannot tell what changed. */
async function looked(at: Place, use?: (cache: StatCache, found: LookChanges) => void) {
  const cache = StatCache.open(at.workspace, TRACKED);
  try {
    const tracked = { type: 'folder', absolute: at.root } as const;
    const look = await lookAgain(cache, tracked, 2, 1);
    const found = changesOf(cache, look, tracked);
    cache.rewind();
    if (found !== undefined) use?.(cache, found);
    return { isSame: look.isSame, found };
  } finally {
    cache.close();
  }
}

/** Changes without the entries that are right, which come in other pieces. */
function told(changes: Iterable<StatChange>): string[] {
  return [...changes].flatMap((change) => {
    if (change.type === 'same') return [];
    return [change.type === 'gone' ? `no ${change.path}` : change.file.path];
  });
}

/** Not every place where tests run has folders whose times tell. */
describe.runIf(hasFolderTimes(tmpdir()))('what a look finds', () => {
  const path = fc.constantFrom('a', 'a-b', 'a.d', 'a/x', 'a/y', 'a/z/w', 'b', 'b/ü', 'c/漢', 'c/d', 'e');
  const is = fc.constantFrom('', 'one', 'two', '->a', '->b');
  const files = fc
    .uniqueArray(fc.tuple(path, is), { selector: ([key]) => key, minLength: 2 })
    .map((list) => list.filter(([one]) => !list.some(([other]) => other.startsWith(`${one}/`))))
    .map((list): Files => new Map(list));

  test('is what going through everything finds, and so is the stat cache that is written of it', async () => {
    let isUsed = false;
    await fc.assert(
      fc.asyncProperty(files, files, fc.boolean(), async (before, now, pruned) => {
        const at = await place();
        bring(at, before, true);
        await sleep(TICK_MS);
        write(at, fileSystemNow(at.workspace.tmpDir));
        bring(at, now, pruned);
        await sleep(TICK_MS);
        const cache = StatCache.open(at.workspace, TRACKED);
        const expected = told(statChanges(cache, crawl(at.root)));
        cache.close();
        const readAt = fileSystemNow(at.workspace.tmpDir);
        let bytes: Buffer | undefined;
        const { isSame, found } = await looked(at, (open, changes) => {
          isUsed = true;
          expect(told(amongEntries(open, changes.entries, changes.changes))).toEqual(expected);
          open.rewind();
          bytes = write(at, readAt, amongEntries(open, changes.entries, changes.changes), changes);
        });
        expect(isSame && expected.length > 0).toBe(false);
        if (found !== undefined) expect(bytes).toEqual(write(at, readAt));
      }),
      { numRuns: 60 },
    );
    expect(isUsed).toBe(true);
  });

  /** A folder of several stretches. */
  async function large(): Promise<Place> {
    const at = await place();
    const files = new Map<string, string>();
    for (let i = 0; i < 4_000; i++) files.set(`${i % 4}/${String(i).padStart(60, '0')}`, String(i));
    bring(at, files, false);
    await sleep(TICK_MS);
    write(at, fileSystemNow(at.workspace.tmpDir));
    return at;
  }

  test('in the middle of many is put where it belongs', async () => {
    const at = await large();
    const name = (n: number) => `${n % 4}/${String(n).padStart(60, '0')}`;
    writeFileSync(join(at.root, name(1_000)), 'changed');
    rmSync(join(at.root, name(2_001)));
    writeFileSync(join(at.root, `${name(3_002)}-new`), '');
    mkdirSync(join(at.root, '2.new/within'), { recursive: true });
    writeFileSync(join(at.root, '2.new/within/file'), '');
    await sleep(TICK_MS);
    const readAt = fileSystemNow(at.workspace.tmpDir);
    let bytes: Buffer | undefined;
    const { found } = await looked(at, (cache, changes) => {
      bytes = write(at, readAt, amongEntries(cache, changes.entries, changes.changes), changes);
    });
    expect(found?.changes.map(({ path }) => path)).toEqual([
      `${name(1_000)}`,
      name(2_001),
      '2.new/within/file',
      `${name(3_002)}-new`,
    ]);
    expect(bytes).toBeDefined();
    expect(bytes?.equals(write(at, readAt))).toBe(true);
  });

  test.each<[string, (at: Place) => void]>([
    ['rules come', ({ root }) => writeFileSync(join(root, '.dvsignore'), 'x')],
    [
      'a new folder has rules',
      ({ root }) => [mkdirSync(join(root, 'n')), writeFileSync(join(root, 'n', '.dvsignore'), 'x')],
    ],
    [
      'a folder becomes a link, though its files are the same',
      ({ root, workspace }) => [
        renameSync(join(root, '1'), join(workspace.root, 'elsewhere')),
        symlinkSync('../elsewhere', join(root, '1')),
      ],
    ],
    [
      'a name is not UTF-8',
      ({ root }) => writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x7a, 0xff])]), ''),
    ],
  ])('is not told when %s: all has to be gone through', async (_, change) => {
    const at = await large();
    change(at);
    expect(await looked(at)).toEqual({ isSame: false, found: undefined });
  });
});
