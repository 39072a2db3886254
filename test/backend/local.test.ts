import { existsSync } from 'node:fs';
import {
  access,
  constants,
  type FileHandle,
  link,
  mkdir,
  mkdtemp,
  open,
  readdir,
  rm,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { LocalBackend } from '#src/backend/local.js';
import { tempDir } from '../support/tmp.js';

const BYTES = new Uint8Array([1, 2, 3]);

let root: string;
let backend: LocalBackend;

beforeEach(async () => {
  root = await tempDir();
  backend = new LocalBackend(root);
});

/** Watches the fsyncs of all file handles. */
async function spyOnSync() {
  const handle = await open(root, 'r');
  const prototype: FileHandle = Object.getPrototypeOf(handle);
  await handle.close();
  const spy = vi.spyOn(prototype, 'sync');
  onTestFinished(() => spy.mockRestore());
  return spy;
}

function failWith(code: string): () => Promise<never> {
  return () => Promise.reject(Object.assign(new Error(code), { code }));
}

describe('durability', () => {
  test('create costs two fsyncs: the file and its folder', async () => {
    await backend.create('log/1', BYTES);
    const sync = await spyOnSync();
    await backend.create('log/2', BYTES);
    expect(sync).toHaveBeenCalledTimes(2);
  });

  test('adopt costs one fsync a folder, however many files', async () => {
    await mkdir(join(root, 'packs'));
    const files = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const path = join(root, `file-${i}`);
        await writeFile(path, BYTES);
        return { key: `packs/${i}`, path };
      }),
    );
    const sync = await spyOnSync();
    await backend.adopt(files);
    expect(sync).toHaveBeenCalledTimes(1);
  });

  test('a failed fsync is an error, is not tried again, and leaves nothing', async () => {
    await backend.create('log/1', BYTES);
    const sync = await spyOnSync();
    sync.mockImplementationOnce(failWith('EIO'));
    await expect(backend.create('log/2', BYTES)).rejects.toMatchObject({ code: 'E_IO' });
    expect(sync).toHaveBeenCalledTimes(1);
    expect(await backend.read('log/2')).toBeUndefined();
    expect(await readdir(join(root, 'tmp'))).toEqual([]);
  });

  test('a failed fsync of the folder is an error', async () => {
    await backend.create('log/1', BYTES);
    const sync = await spyOnSync();
    sync.mockResolvedValueOnce().mockImplementationOnce(failWith('EIO'));
    await expect(backend.create('log/2', BYTES)).rejects.toMatchObject({ code: 'E_IO' });
    expect(await readdir(join(root, 'tmp'))).toEqual([]);
  });

  test('a full disk is told as such', async () => {
    const sync = await spyOnSync();
    await backend.create('log/1', BYTES);
    sync.mockImplementationOnce(failWith('ENOSPC'));
    await expect(backend.create('log/2', BYTES)).rejects.toMatchObject({ code: 'E_NOSPC' });
  });
});

describe('temporary files', () => {
  test('none stays, whether a file was created, there already, or refused', async () => {
    await backend.create('a/b', BYTES);
    await backend.create('a/b', BYTES);
    await expect(backend.create('a/b/c', BYTES)).rejects.toThrow();
    expect(await readdir(join(root, 'tmp'))).toEqual([]);
  });

  test('are not listed, nor is what is no key', async () => {
    await backend.create('a/b', BYTES);
    await writeFile(join(root, 'tmp', 'left'), 'x');
    await writeFile(join(root, '.DS_Store'), 'x');
    await writeFile(join(root, 'a', '.nfs0001'), 'x');
    const keys: string[] = [];
    for await (const { key } of backend.list('')) keys.push(key);
    expect(keys).toEqual(['a/b']);
  });
});

describe('other devices', () => {
  const OTHER = '/dev/shm';

  test('a file on another device is copied', async ({ skip }) => {
    const isThere = await access(OTHER, constants.W_OK).then(
      () => true,
      () => false,
    );
    if (!isThere) skip('there is no other device to try');
    const folder = await mkdtemp(join(OTHER, 'dvs-test-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, 'file');
    await writeFile(path, BYTES);
    await backend.adopt([{ key: 'packs/a', path }]);
    expect(await backend.read('packs/a')).toEqual(Buffer.from(BYTES));
    expect(existsSync(path)).toBe(false);
    expect(await readdir(join(root, 'tmp'))).toEqual([]);
  });
});

describe('prepare', () => {
  test('makes folders with one fsync for all, after which the first key costs as much as the next', async () => {
    const sync = await spyOnSync();
    await backend.prepare(['packs', 'log']);
    expect(sync).toHaveBeenCalledTimes(1);
    await backend.create('log/1', BYTES);
    expect(sync).toHaveBeenCalledTimes(3);
  });

  test('makes durable what was there: who made it may have been stopped before that', async () => {
    await backend.prepare(['log']);
    const sync = await spyOnSync();
    await backend.prepare(['log']);
    expect(sync).toHaveBeenCalledTimes(1);
  });
});

test('a link that was made though its call failed counts as made', async () => {
  // As after a lost answer on NFS: the name is there and is the same file.
  const path = join(root, 'file');
  await writeFile(path, BYTES);
  await mkdir(join(root, 'packs'));
  await link(path, join(root, 'packs', 'a'));
  await backend.adopt([{ key: 'packs/a', path }]);
  expect(await backend.read('packs/a')).toEqual(Buffer.from(BYTES));
  expect(existsSync(path)).toBe(false);
});

test('localPath is where the file lies', async () => {
  await backend.create('a/b', BYTES);
  expect(existsSync(backend.localPath('a/b'))).toBe(true);
  expect(() => backend.localPath('../b')).toThrow(expect.objectContaining({ code: 'E_PATH' }));
});
