import { describe, expect, test } from 'vitest';
import type { AdoptedFile, ByteRange, ListedFile } from '#src/backend/interface.js';
import { MemoryBackend } from '#src/backend/memory.js';
import { backendChecks } from '#src/backend/suite.js';
import { makeTempDir } from '../support/tmp.js';

class Overwrites extends MemoryBackend {
  override async create(key: string, bytes: Uint8Array) {
    await this.delete(key);
    return super.create(key, bytes);
  }
}
class LetsTwoWin extends MemoryBackend {
  override async create(key: string, bytes: Uint8Array) {
    const isFree = (await this.size(key)) === undefined;
    await super.create(key, bytes);
    return isFree;
  }
}
class GrowsInView extends MemoryBackend {
  override async create(key: string, bytes: Uint8Array) {
    if (!(await super.create(key, bytes.subarray(0, bytes.length / 2)))) return false;
    await new Promise((resolve) => setTimeout(resolve, 5));
    await this.delete(key);
    return super.create(key, bytes);
  }
}
class KeepsOriginals extends MemoryBackend {
  override async adopt(files: readonly AdoptedFile[]) {
    for (const { key } of files) await super.create(key, new Uint8Array());
  }
}
class PadsRanges extends MemoryBackend {
  override async read(key: string, range?: ByteRange) {
    const bytes = await super.read(key, range);
    return bytes && range ? Uint8Array.from({ length: range.length }, (_, i) => bytes[i] ?? 0) : bytes;
  }
}
class ListsByLetters extends MemoryBackend {
  override async *list(prefix: string): AsyncGenerator<ListedFile> {
    for await (const file of super.list('')) if (file.key.startsWith(prefix.slice(0, -1))) yield file;
  }
}
class ListsOnePage extends MemoryBackend {
  override async *list(prefix: string): AsyncGenerator<ListedFile> {
    let left = 20;
    for await (const file of super.list(prefix)) if (left-- > 0) yield file;
  }
}
class ForgetsToDelete extends MemoryBackend {
  override async delete() {}
}
class TakesAnyKey extends MemoryBackend {
  override size(key: string) {
    return super.size(encodeURIComponent(key).replaceAll(/[%.*!'()~]/g, '_'));
  }
}

describe('the suite finds a backend that', () => {
  test.each([
    Overwrites,
    LetsTwoWin,
    GrowsInView,
    KeepsOriginals,
    PadsRanges,
    ListsByLetters,
    ListsOnePage,
    ForgetsToDelete,
    TakesAnyKey,
  ])('$name', async (Faulty) => {
    let failures = 0;
    for (const { run } of backendChecks) {
      const { path, remove } = await makeTempDir();
      await run({ backend: new Faulty(), scratchDir: path, close: remove })
        .catch(() => failures++)
        .finally(remove);
    }
    expect(failures).toBeGreaterThan(0);
  });
});
