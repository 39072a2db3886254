import { cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { DIGEST_LENGTH } from '#src/id/hash.js';
import { LOG_START } from '#src/store/log/log.js';
import { forgetStoreNote, hasStoreNote, readStoreNote, writeStoreNote } from '#src/workspace/store-note.js';
import { codeOf } from '../support/errors.js';
import { tempDir } from '../support/tmp.js';

const HEAD = { seq: 7, hash: Buffer.alloc(DIGEST_LENGTH, 7) };

let root: string;
let ownDir: string;

beforeEach(async () => {
  root = await tempDir();
  ownDir = join(root, '.dvs');
  mkdirSync(join(ownDir, 'tmp'), { recursive: true });
});

test('says where the store is and how far its log went', async () => {
  expect(await readStoreNote(ownDir)).toBeUndefined();
  await writeStoreNote(ownDir, { path: '/mnt/disk/dvs', head: LOG_START });
  expect(await readStoreNote(ownDir)).toEqual({ path: '/mnt/disk/dvs', head: LOG_START });
  await writeStoreNote(ownDir, { path: '/mnt/disk/dvs', head: HEAD });
  expect(await readStoreNote(ownDir)).toEqual({ path: '/mnt/disk/dvs', head: HEAD });
  expect(await hasStoreNote(ownDir)).toBe(true);
  await forgetStoreNote(ownDir);
  expect(await hasStoreNote(ownDir)).toBe(false);
});

test('holds for a workspace that was renamed, and for no copy of it', async () => {
  await writeStoreNote(ownDir, { path: '/mnt/disk/dvs', head: HEAD });
  renameSync(ownDir, join(root, 'renamed'));
  expect(await readStoreNote(join(root, 'renamed'))).toEqual({ path: '/mnt/disk/dvs', head: HEAD });
  cpSync(join(root, 'renamed'), join(root, 'copy'), { recursive: true });
  expect(await codeOf(() => readStoreNote(join(root, 'copy')))).toBe('E_UNSAFE');
});

test.each([
  ['no JSON', () => 'junk'],
  ['another version', (text: string) => text.replace('"version":1', '"version":2')],
  ['a relative path', (text: string) => text.replace('/mnt/disk/dvs', 'disk')],
  ['a path with a NUL', (text: string) => text.replace('/mnt', '/mnt\\u0000')],
  ['no position', (text: string) => text.replace(/"log":.*\}\}/, '"log":{}}')],
  ['a hash of another length', (text: string) => text.replace('0707"', '"')],
  ['a position without a hash', (text: string) => text.replace(/"hash":"\w+"/, '"hash":null')],
])('%s is damage', async (_, damage) => {
  await writeStoreNote(ownDir, { path: '/mnt/disk/dvs', head: HEAD });
  const path = join(ownDir, 'store');
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, damage(text));
  expect(readFileSync(path, 'utf8')).not.toBe(text);
  expect(await codeOf(() => readStoreNote(ownDir))).toBe('E_DAMAGED');
});
