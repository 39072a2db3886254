import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dvs, dvsOk } from '#faults/dvs.js';
import { following } from '#faults/file-system/following.js';
import { tempDir } from '../support/tmp.js';

test('a checkout that is killed while it tries what it can rename leaves nothing to add', async () => {
  const root = await tempDir();
  await dvsOk(root, ['init']);
  mkdirSync(join(root, 'data'));
  writeFileSync(join(root, 'data', 'file'), 'one');
  writeFileSync(join(root, 'data', 'other'), 'two');
  await dvsOk(root, ['add', 'data']);
  rmSync(join(root, 'data', 'other'));
  const fault = { kind: 'rename', nth: 1, matching: '/data/', act: 'kill after' } as const;
  const { signal } = await dvs(root, ['checkout', 'data:v1'], following({ root, fault }));
  expect(signal).toBe('SIGKILL');
  expect((await dvs(root, ['status'])).stdout).not.toContain(' added');
}, 60_000);
