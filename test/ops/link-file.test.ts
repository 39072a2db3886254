import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { utf8 } from '#src/base/bytes.js';
import { sha256 } from '#src/id/hash.js';
import { cacheAndLink, linkFile } from '#src/ops/checkout/link-file.js';
import { chooseLinking, type Linking } from '#src/ops/checkout/linking.js';
import { entryPath } from '#src/workspace/cache/entry.js';
import { cacheStaging } from '#src/workspace/cache/folder.js';
import { tempDir } from '../support/tmp.js';

let linking: Linking;
let staging: string;

beforeEach(async () => {
  const root = await tempDir();
  staging = join(root, 'staging');
  mkdirSync(staging);
  const chosen = chooseLinking(
    'hardlink',
    { dir: join(root, 'cache'), size: 1000 },
    staging,
    Date.UTC(2026, 0),
  );
  if (chosen.linking === undefined) throw new Error(chosen.why);
  linking = chosen.linking;
});

const target = (text: string) => ({
  staged: join(staging, 'file'),
  digest: sha256(utf8(text)),
  size: utf8(text).length,
});

const failWith = (code: string) => (path: string) => {
  writeFileSync(path, 'half of i');
  throw Object.assign(new Error(code), { code });
};

test('the probes leave nothing behind', () => {
  expect(readdirSync(staging)).toEqual([]);
  expect(readdirSync(cacheStaging(linking.cache))).toEqual([]);
});

test.each(['ENOSPC', 'EDQUOT', 'EACCES', 'EROFS', 'EIO'])(
  'where the cache cannot be written to (%s) the file has to be written instead, and nothing is left',
  (code) => {
    expect(cacheAndLink(linking, target('text'), 1, failWith(code))).toBeUndefined();
    expect(existsSync(join(staging, 'file'))).toBe(false);
    expect(readdirSync(cacheStaging(linking.cache))).toEqual([]);
    expect(linkFile(linking, target('text'), 1)).toBeUndefined();
  },
);

test('an error that is not the system’s is no reason to go on', () => {
  const bug = () => {
    throw new TypeError('a bug');
  };
  expect(() => cacheAndLink(linking, target('text'), 1, bug)).toThrow('a bug');
});

test('a cache whose folder is gone is made again, folder by folder, but for where files are put together', () => {
  const write = (path: string) => writeFileSync(path, 'text');
  expect(cacheAndLink(linking, target('text'), 1, write)).toBeDefined();
  rmSync(join(staging, 'file'));
  rmSync(join(entryPath(linking.cache, target('text').digest), '..'), { recursive: true });
  expect(cacheAndLink(linking, target('text'), 1, write)).toBeDefined();
  rmSync(join(staging, 'file'));
  rmSync(linking.cache.root, { recursive: true });
  expect(cacheAndLink(linking, target('text'), 1, write)).toBeUndefined();
});

test('a file with as many names as can be is begun anew', () => {
  const write = (path: string) => writeFileSync(path, 'text');
  cacheAndLink(linking, target('text'), 1, write);
  const names = join(staging, 'names');
  mkdirSync(names);
  let count = 0;
  for (; count < 70_000; count++) {
    if (linkFile(linking, { ...target('text'), staged: join(names, String(count)) }, 1) === undefined) break;
  }
  if (count === 70_000) return; // this file system has no such limit
  expect(cacheAndLink(linking, { ...target('text'), staged: join(names, 'next') }, 1, write)).toBeDefined();
  expect(statSync(join(names, 'next')).ino).not.toBe(statSync(join(names, '0')).ino);
  expect(readFileSync(join(names, '0'), 'utf8')).toBe('text');
});
