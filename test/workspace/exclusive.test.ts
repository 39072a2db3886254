import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeOwner, ownedName } from '#src/base/owner.js';
import { exclusive } from '#src/workspace/exclusive.js';
import { tempDir } from '../support/tmp.js';

const UUID = '01234567-89ab-cdef-0123-456789abcdef';
const MODULE = new URL('../../dist/src/workspace/exclusive.js', import.meta.url).href;

/** A process that runs `body` with `exclusive`, `fs` and `path` of the lock at hand. */
function start(path: string, body: string) {
  const code = `import fs from 'node:fs'; import { exclusive } from ${JSON.stringify(MODULE)};
    const path = ${JSON.stringify(path)}; ${body}`;
  return spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function plant(path: string, token: string): Promise<void> {
  await mkdir(path);
  await writeFile(join(path, token), '');
}

async function deadToken(): Promise<string> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  const { started, place } = describeOwner();
  return `${child.pid}.${started}.${UUID}.${place}`;
}

test('runs one at a time and leaves nothing', async () => {
  const folder = await tempDir();
  let inside = 0;
  let most = 0;
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      exclusive(join(folder, 'lock'), async () => {
        most = Math.max(most, ++inside);
        await new Promise((resolve) => setTimeout(resolve, 1));
        inside--;
        return i;
      }),
    ),
  );
  expect(most).toBe(1);
  expect(results).toEqual(Array.from({ length: 20 }, (_, i) => i));
  expect(await readdir(folder)).toEqual([]);
});

test('is given back when the section fails', async () => {
  const path = join(await tempDir(), 'lock');
  await expect(exclusive(path, () => Promise.reject(new Error('inner')))).rejects.toThrow('inner');
  expect(await exclusive(path, () => 'again')).toBe('again');
});

test('holds between processes, also when some are killed inside', async () => {
  const folder = await tempDir();
  const path = join(folder, 'lock');
  const counter = join(folder, 'counter');
  await writeFile(counter, '0');
  const count = `for (let i = 0; i < 40; i++) await exclusive(path, async () => {
    const n = Number(fs.readFileSync(${JSON.stringify(counter)}, 'utf8'));
    await new Promise((resolve) => setTimeout(resolve, 1));
    fs.writeFileSync(${JSON.stringify(counter)}, String(n + 1));
  });`;
  const die = `await exclusive(path, async () => process.kill(process.pid, 'SIGKILL'));`;
  const children = [...Array.from({ length: 6 }, () => count), ...Array.from({ length: 6 }, () => die)].map(
    (body) => start(path, body),
  );
  await Promise.all(children.map((child) => once(child, 'exit')));
  // A process that dies waits for its turn, too, and may be killed last.
  expect(await readFile(counter, 'utf8')).toBe('240');
  await exclusive(path, () => {});
}, 60_000);

test('a lock of an ended process goes to exactly one of those who wait', async () => {
  const folder = await tempDir();
  for (let round = 0; round < 20; round++) {
    const path = join(folder, `lock-${round}`);
    await plant(path, await deadToken());
    let inside = 0;
    await Promise.all(
      Array.from({ length: 8 }, () =>
        exclusive(path, async () => {
          expect(++inside).toBe(1);
          await new Promise((resolve) => setImmediate(resolve));
          inside--;
        }),
      ),
    );
  }
});

test('an empty lock, left between two steps of giving it back, is free', async () => {
  const path = join(await tempDir(), 'lock');
  await mkdir(path);
  expect(await exclusive(path, () => 1)).toBe(1);
});

test.each([
  ['a living process', () => ownedName(), `process ${process.pid} of this host`],
  ['another host', () => `1.2.${UUID}.far-00000000`, 'process 1 on another host (far-00000000)'],
  ['who knows whom', () => 'note', 'somebody'],
])('is E_BUSY after a while when held by %s', async (_, token, who) => {
  const path = join(await tempDir(), 'lock');
  await plant(path, token());
  const before = await readdir(path);
  await expect(exclusive(path, () => 1, { patienceMs: 100 })).rejects.toMatchObject({
    code: 'E_BUSY',
    message: `${who} holds the lock ${path}`,
    hint: expect.stringContaining('remove that folder'),
  });
  expect(await readdir(path)).toEqual(before);
  expect(await readdir(join(path, '..'))).toEqual(['lock']);
});

test('a file in its place is an error', async () => {
  const path = join(await tempDir(), 'lock');
  await writeFile(path, '');
  await expect(exclusive(path, () => 1, { patienceMs: 0 })).rejects.toMatchObject({ code: 'E_IO' });
});
