import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { utf8 } from '#src/base/bytes.js';
import { sha256 } from '#src/id/hash.js';
import { crawl } from '#src/workspace/crawl.js';
import { fileSystemNow } from '#src/workspace/fresh.js';
import { StatCache } from '#src/workspace/stat-cache.js';
import { StatCacheWriter } from '#src/workspace/stat-writer.js';
import { unchangedDataset } from '#src/workspace/unchanged.js';
import { type Workspace, workspaceAt } from '#src/workspace/workspace.js';
import { tempDir } from '../support/tmp.js';

const TRACKED = 'data';
const DATASET = sha256(utf8('a dataset'));
/** Longer than any tick, so that what was written before is settled. */
const TICK_MS = 50;
/** Paths that sort otherwise by folder than by path, and names beyond ASCII. */
const PATHS = ['a', 'a-b', 'a.d/x', 'a.d/y/z', 'dé/ü', 'dé/漢', 'z'];

async function tracked(): Promise<{ workspace: Workspace; root: string }> {
  const workspace = workspaceAt(await tempDir());
  const root = join(workspace.root, TRACKED);
  for (const folder of ['a.d/y', 'dé', '.git']) mkdirSync(join(root, folder), { recursive: true });
  for (const path of PATHS) writeFileSync(join(root, path), path);
  writeFileSync(join(root, '.git', 'HEAD'), 'passed by');
  symlinkSync('a.d/x', join(root, 'link'));
  mkdirSync(workspace.tmpDir, { recursive: true });
  await sleep(TICK_MS);
  const writer = new StatCacheWriter(workspace, TRACKED, fileSystemNow(workspace.tmpDir));
  for (const file of crawl(root)) {
    if (file.type === 'link') writer.link(file.path, file.target);
    else writer.file(file.path, file.stat, sha256(readFileSync(file.absolute)));
  }
  writer.finish(DATASET);
  return { workspace, root };
}

/** What is found with threads, however few files there are. */
async function inThreads({ workspace, root }: { workspace: Workspace; root: string }) {
  const cache = StatCache.open(workspace, TRACKED);
  try {
    return await unchangedDataset(cache, { type: 'folder', absolute: root }, 2, 1);
  } finally {
    cache.close();
  }
}

describe('looked at by threads, a folder', () => {
  test('that did not change is known', async () => {
    expect(await inThreads(await tracked())).toEqual(new Uint8Array(DATASET));
  });

  test.each<[string, (root: string) => void]>([
    ['with a file written', (root) => writeFileSync(join(root, 'a'), 'A')],
    ['with a file of another date', (root) => utimesSync(join(root, 'dé/ü'), 1, 1)],
    ['with a file more', (root) => writeFileSync(join(root, 'b'), '')],
    ['with a file more at the end', (root) => writeFileSync(join(root, 'zz'), '')],
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
    const place = await tracked();
    change(place.root);
    expect(await inThreads(place)).toBeUndefined();
  });
});
