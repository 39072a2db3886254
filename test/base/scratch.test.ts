import { closeSync, readSync, writeSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Scratch } from '#src/base/scratch.js';
import { tempDir } from '../support/tmp.js';

function holds(file: number, text: string): void {
  writeSync(file, text);
  const bytes = Buffer.alloc(text.length);
  readSync(file, bytes, 0, bytes.length, 0);
  expect(bytes.toString()).toBe(text);
}

test('a temporary file has no name from the start', async () => {
  const folder = join(await tempDir(), 'made', 'when needed');
  const scratch = new Scratch(folder);
  const file = scratch.openFile();
  holds(file, 'some');
  expect(await readdir(folder)).toEqual([]);
  scratch.close();
  expect(() => closeSync(file)).toThrow('EBADF');
});

test('a folder that takes no files is no reason to stop: there is a spare one', async () => {
  const root = await tempDir();
  await mkdir(join(root, 'above'));
  await writeFile(join(root, 'above', 'file'), '');
  const folder = join(root, 'above', 'file');
  const scratch = new Scratch(folder, root);
  holds(scratch.openFile(), 'elsewhere');
  scratch.close();
  expect(await readdir(root, { recursive: true })).toHaveLength(2);
  // Without one, or where that takes none either, it is the first that is told.
  for (const spare of [undefined, folder, join(root, 'none')])
    expect(() => new Scratch(folder, spare).openFile()).toThrow(folder);
});
