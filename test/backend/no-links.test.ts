import { link } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { LocalBackend } from '#src/backend/local.js';
import { tempDir } from '../support/tmp.js';

vi.mock('node:fs/promises', async (original) => ({
  ...(await original<typeof import('node:fs/promises')>()),
  link: vi.fn(),
}));

const create = async () => new LocalBackend(await tempDir()).create('format', new Uint8Array());

test.each(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])('%s means no hard links', async (code) => {
  vi.mocked(link).mockRejectedValue(Object.assign(new Error(code), { code }));
  await expect(create()).rejects.toMatchObject({
    code: 'E_UNSUPPORTED',
    hint: expect.stringContaining('no hard links'),
  });
});

test('other failures are what they are', async () => {
  vi.mocked(link).mockRejectedValue(Object.assign(new Error('EIO'), { code: 'EIO' }));
  await expect(create()).rejects.toMatchObject({ code: 'E_IO' });
});
