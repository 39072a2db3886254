import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { utf8 } from '#src/base/bytes.js';
import { sha256 } from '#src/id/hash.js';
import { crawl } from '#src/workspace/crawl.js';
import { FolderStats } from '#src/workspace/folder-stats.js';
import { fileSystemNow, hasFolderTimes } from '#src/workspace/fresh.js';
import { lookAgain } from '#src/workspace/look.js';
import { StatCache } from '#src/workspace/stat-cache.js';
import { StatCacheWriter } from '#src/workspace/stat-writer.js';
import { type Workspace, workspaceAt } from '#src/workspace/workspace.js';
import { tempDir } from '../support/tmp.js';

const TRACKED = 'data';
const DATASET = sha256(utf8('a dataset'));
/** Longer than any tick, so that what was written before is settled. */
const TICK_MS = 50;
/** Paths that sort otherwise by folder than by path, and names beyond ASCII. */
const PATHS = ['a', 'a-b', 'a.d/x', 'a.d/y/z', 'dé/ü', 'dé/漢', 'z'];

interface Place {
  readonly workspace: Workspace;
  readonly root: string;
}

/** A folder that was looked at, and its stat cache: with the stats of folders, or without as after a checkout. */
async function tracked(withFolders: boolean, more: readonly string[] = []): Promise<Place> {
  const workspace = workspaceAt(await tempDir());
  const root = join(workspace.root, TRACKED);
  for (const folder of ['a.d/y', 'dé', '.git', ...more]) mkdirSync(join(root, folder), { recursive: true });
  for (const path of PATHS) writeFileSync(join(root, path), path);
  writeFileSync(join(root, '.git', 'HEAD'), 'passed by');
  symlinkSync('a.d/x', join(root, 'link'));
  mkdirSync(workspace.tmpDir, { recursive: true });
  await sleep(TICK_MS);
  lookAt({ workspace, root }, withFolders);
  return { workspace, root };
}

/** Hashes what is there, as ingest does, and writes the cache. */
function lookAt({ workspace, root }: Place, withFolders: boolean, onFile?: () => void): void {
  const now = fileSystemNow(workspace.tmpDir);
  const writer = new StatCacheWriter(
    workspace,
    TRACKED,
    now,
    withFolders ? new FolderStats(root, now) : undefined,
  );
  for (const file of crawl(root, { onFolder: (path) => writer.listing(path) })) {
    onFile?.();
    if (file.type === 'link') writer.link(file.path, file.target);
    else writer.file(file.path, file.stat, sha256(readFileSync(file.absolute)));
  }
  writer.sawAll();
  writer.finish(DATASET);
}

/** Whether the stat cache relies on the stats of folders. */
function reliesOnFolders({ workspace }: Place): boolean {
  const cache = StatCache.open(workspace, TRACKED);
  try {
    return cache.hasFolders;
  } finally {
    cache.close();
  }
}

/** What is found with one thread, or with more, however few files there are. */
async function found({ workspace, root }: Place, workers = 2) {
  const cache = StatCache.open(workspace, TRACKED);
  try {
    const { isSame } = await lookAgain(cache, { type: 'folder', absolute: root }, workers, 1);
    return isSame ? cache.dataset : undefined;
  } finally {
    cache.close();
  }
}

describe.each([
  ['names', false],
  ['folders', true],
])('looked at by threads, with an eye on its %s, a folder', (_, withFolders) => {
  test('that did not change is known', async () => {
    const place = await tracked(withFolders);
    const bytes = PATHS.reduce((sum, path) => sum + utf8(path).length, 0);
    const known = { digest: new Uint8Array(DATASET), count: PATHS.length + 1, bytes };
    expect(await found(place, 2)).toEqual(known);
    expect(await found(place, 1)).toEqual(known);
  });

  test.each<[string, (root: string) => void]>([
    ['with a file written', (root) => writeFileSync(join(root, 'a'), 'A')],
    ['with a file of another date', (root) => utimesSync(join(root, 'dé/ü'), 1, 1)],
    ['with a file more', (root) => writeFileSync(join(root, 'b'), '')],
    ['with a file more at the end', (root) => writeFileSync(join(root, 'zz'), '')],
    ['with a file more in a folder', (root) => writeFileSync(join(root, 'a.d/y/more'), '')],
    ['with a file less', (root) => rmSync(join(root, 'a.d/y/z'))],
    ['with a file less at the end', (root) => rmSync(join(root, 'z'))],
    ['with a file renamed', (root) => renameSync(join(root, 'a'), join(root, 'b'))],
    ['with nothing in it', (root) => rmSync(root, { recursive: true })],
    ['with a folder for a file', (root) => [rmSync(join(root, 'z')), mkdirSync(join(root, 'z'))]],
    ['with a link for a file', (root) => [rmSync(join(root, 'z')), symlinkSync('a', join(root, 'z'))]],
    [
      'with a file for a link',
      (root) => [rmSync(join(root, 'link')), writeFileSync(join(root, 'link'), 'a')],
    ],
    [
      'with a link to elsewhere',
      (root) => [rmSync(join(root, 'link')), symlinkSync('z', join(root, 'link'))],
    ],
    [
      'with a pipe for a file',
      (root) => [rmSync(join(root, 'z')), execFileSync('mkfifo', [join(root, 'z')])],
    ],
    [
      'with a name that is not UTF-8',
      (root) => writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x7a, 0xff])]), ''),
    ],
    [
      'with a folder whose name is not UTF-8',
      (root) => mkdirSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x7a, 0xff])])),
    ],
  ])('%s is not', async (_, change) => {
    const place = await tracked(withFolders);
    change(place.root);
    expect(await found(place)).toBeUndefined();
  });
});

test.each([0, 2_000, 3_999])(
  'of many files a change to number %i is seen, whichever thread looks',
  async (n) => {
    const place = await tracked(true);
    const name = (i: number) => join(place.root, `${i}-${'x'.repeat(40)}`);
    for (let i = 0; i < 4_000; i++) writeFileSync(name(i), '');
    await sleep(TICK_MS);
    lookAt(place, true);
    expect((await found(place))?.digest).toEqual(new Uint8Array(DATASET));
    writeFileSync(name(n), 'more');
    expect(await found(place)).toBeUndefined();
  },
);

/** Not every place where tests run has folders whose times tell. */
const folderTimes = hasFolderTimes(tmpdir());

describe.runIf(folderTimes)('the stats of folders', () => {
  test('are relied on when every folder has one', async () => {
    expect(reliesOnFolders(await tracked(true))).toBe(true);
  });

  test('are those of the folders that were listed, not of others that took their places meanwhile', async () => {
    const place = await tracked(true);
    const [old, other] = [`${place.root}-old`, `${place.root}-other`];
    cpSync(place.root, other, { recursive: true, verbatimSymlinks: true });
    writeFileSync(join(other, 'zz'), 'one more');
    await sleep(TICK_MS);
    let isSwapped = false;
    lookAt(place, true, () => {
      if (isSwapped) return;
      isSwapped = true;
      renameSync(place.root, old);
      renameSync(other, place.root);
    });
    expect(await found(place)).toBeUndefined();
  });

  test('are not when a folder is empty: a file that comes to it changes no other', async () => {
    const place = await tracked(true, ['dé/empty/empty']);
    expect(reliesOnFolders(place)).toBe(false);
    expect((await found(place))?.digest).toEqual(new Uint8Array(DATASET));
    writeFileSync(join(place.root, 'dé/empty/empty/file'), '');
    expect(await found(place)).toBeUndefined();
  });

  test('are not of one that changed so late that a later change may look the same: it is listed again', async () => {
    const place = await tracked(true);
    mkdirSync(join(place.root, 'late'));
    writeFileSync(join(place.root, 'late', 'file'), '');
    lookAt(place, true);
    expect(reliesOnFolders(place)).toBe(true);
    expect(await found(place)).toBeUndefined();
  });

  test('are not when not all was told: what a checkout leaves alone is in no cache', async () => {
    const { workspace, root } = await tracked(true);
    const now = fileSystemNow(workspace.tmpDir);
    const writer = new StatCacheWriter(workspace, TRACKED, now, new FolderStats(root, now));
    for (const file of crawl(root)) if (file.type === 'link') writer.link(file.path, file.target);
    writer.finish(DATASET);
    expect(reliesOnFolders({ workspace, root })).toBe(false);
  });

  test('see a folder that is a link, or another one, though its files are the same', async () => {
    const place = await tracked(true);
    const folder = join(place.root, 'dé');
    const elsewhere = join(place.workspace.root, 'elsewhere');
    renameSync(folder, elsewhere);
    symlinkSync('../elsewhere', folder);
    expect(await found(place)).toBeUndefined();
  });
});
