import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LocalBackend } from '#src/backend/local.js';
import { tempDir } from '../support/tmp.js';

test.each<[string, (path: string, folder: string) => unknown]>([
  ['a pipe', (path) => execFileSync('mkfifo', [path])],
  ['a folder', (path) => mkdirSync(path)],
  [
    'a link',
    (path, folder) => {
      writeFileSync(join(folder, 'elsewhere'), 'bytes');
      symlinkSync(join(folder, 'elsewhere'), path);
    },
  ],
])('%s in place of a file is as if nothing were there', async (_, make) => {
  const folder = await tempDir();
  make(join(folder, 'key'), folder);
  const backend = new LocalBackend(folder);
  expect(await backend.read('key')).toBeUndefined();
  expect(await backend.size('key')).toBeUndefined();
});
