import { Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { writeText } from '#cli/output.js';

/** A reader that takes what there is only when told to. */
class SlowReader extends Writable {
  read = '';
  #next: (() => void) | undefined;

  constructor() {
    super({ highWaterMark: 10, decodeStrings: false });
  }

  override _write(text: string, _: string, done: () => void): void {
    this.read += text;
    this.#next = done;
  }

  async takes(pieces: number): Promise<void> {
    for (let i = 0; i < pieces; i++) {
      await setImmediate();
      const next = this.#next;
      this.#next = undefined;
      next?.();
    }
  }
}

describe('writing text', () => {
  test('a reader gets what there is while more is waited for', async () => {
    const reader = new SlowReader();
    const texts = async function* (): AsyncGenerator<string> {
      yield 'one ';
      yield 'two ';
      await reader.takes(3);
      expect(reader.read).toBe('one two ');
      yield 'three';
    };
    const written = writeText(reader, texts());
    await reader.takes(8);
    await written;
    expect(reader.read).toBe('one two three');
  });

  test('goes at the pace of the reader, however small the pieces', async () => {
    const reader = new SlowReader();
    let made = 0;
    const texts = async function* (): AsyncGenerator<string> {
      for (; made < 100; made++) {
        yield 'ten bytes ';
        await setImmediate();
      }
    };
    const written = writeText(reader, texts());
    for (let i = 0; i < 50; i++) await setImmediate();
    expect(made).toBeLessThan(5);
    await Promise.all([written, reader.takes(300)]);
    expect(reader.read).toBe('ten bytes '.repeat(100));
  });
});
