import { linkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LocalBackend } from '#src/backend/local.js';
import { MemoryBackend } from '#src/backend/memory.js';
import { utf8 } from '#src/base/bytes.js';
import { checkFormat, writeFormat } from '#src/store/format.js';
import { Store } from '#src/store/store.js';
import { flipped } from '../support/bytes.js';
import { codeOf, failure } from '../support/errors.js';
import { tempDir } from '../support/tmp.js';
import { openStore } from './support.js';

async function holding(text: string | Uint8Array): Promise<MemoryBackend> {
  const backend = new MemoryBackend();
  await backend.create('format', typeof text === 'string' ? utf8(text) : text);
  return backend;
}

describe('the format of a store', () => {
  test('is written once; making a store again opens it', async () => {
    const backend = new MemoryBackend();
    await openStore(backend);
    await openStore(backend);
    expect(await writeFormat(backend)).toBe(false);
    await checkFormat(backend);
  });

  test('that an init left which was killed is made durable before anything is added', async () => {
    const root = await tempDir();
    const settled: string[] = [];
    const backend = new LocalBackend(root);
    backend.settle = async (key) => void settled.push(key);
    await writeFormat(backend);
    await checkFormat(backend);
    expect(settled).toEqual([]);
    // The name that a file has before it gets its own goes when all is durable.
    linkSync(join(root, 'format'), join(root, 'staged'));
    await checkFormat(backend);
    expect(settled).toEqual(['format']);
  });

  test('of a newer dvs is refused politely', async () => {
    const error = await failure(async () => checkFormat(await holding('dvs store, format 2\n')));
    expect(error).toMatchObject({ code: 'E_FORMAT', hint: expect.stringContaining('Update dvs') });
    expect(error.message).toContain('format 2');
  });

  test('of any length is not read beyond what a line of it can have', async () => {
    const backend = await holding(new Uint8Array(1000));
    let most = 0;
    const read: MemoryBackend['read'] = async (key, range) => {
      const bytes = await MemoryBackend.prototype.read.call(backend, key, range);
      most = Math.max(most, bytes?.length ?? 0);
      return bytes;
    };
    expect(await codeOf(() => checkFormat(Object.assign(Object.create(backend), { read })))).toBe(
      'E_DAMAGED',
    );
    expect(most).toBeLessThan(200);
  });

  test('that cannot be read is damage, and says what the file should hold', async () => {
    const intact = utf8('dvs store, format 1\n');
    for (let bit = 0; bit < intact.length * 8; bit++) {
      const code = await codeOf(async () => checkFormat(await holding(flipped(intact, bit))));
      // A flipped digit is another version: 3, 5, 9 look as if a newer dvs had written them.
      expect(['E_DAMAGED', 'E_FORMAT']).toContain(code);
    }
    for (const text of ['', 'dvs store, format 1', 'dvs store, format 0\n', 'something else']) {
      const error = await failure(async () => checkFormat(await holding(text)));
      expect(error).toMatchObject({
        code: 'E_DAMAGED',
        hint: expect.stringContaining('dvs store, format 1'),
      });
    }
  });

  test('that is not there means that there is no store', async () => {
    const options = { backend: new MemoryBackend(), catalogueDir: '/nowhere', scratchDir: '/nowhere' };
    expect(await codeOf(() => Store.open(options))).toBe('E_NO_STORE');
  });
});
