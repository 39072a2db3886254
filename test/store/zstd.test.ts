import { crc32 } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { utf8 } from '#src/base/bytes.js';
import { packFrame, unpackFrame } from '#src/store/pack/frame.js';
import { FrameCodec } from '#src/store/pack/layout.js';
import { compress, declaredLength, decompress, loadPortable, loadZstd } from '#src/store/pack/zstd.js';
import { lines, noise } from '../support/bytes.js';
import { codeOf } from '../support/errors.js';

beforeAll(loadZstd);

const SAMPLES = [0, 1, 255, 256, 257, 65_535, 65_536, 65_791, 65_792, 262_144].map((size) => lines(size));

describe('implementations', () => {
  test('read what the others wrote, and declare the length', async () => {
    const portable = await loadPortable();
    for (const sample of SAMPLES) {
      for (const packed of [compress(sample), portable.compress(sample)]) {
        expect(declaredLength(packed)).toBe(sample.length);
        expect(Buffer.from(decompress(packed, sample.length)).equals(sample)).toBe(true);
        if (sample.length > 0) expect(Buffer.from(portable.decompress(packed)).equals(sample)).toBe(true);
      }
    }
  });
});

describe('bombs', () => {
  test('a frame that declares another length is refused', async () => {
    const packed = compress(lines(10_000));
    for (const length of [0, 9_999, 10_001])
      expect(await codeOf(() => decompress(packed, length))).toBe('E_BOMB');
  });

  test('a frame that declares petabytes is refused before memory is taken for it', async () => {
    // Magic, then a descriptor that says: single segment, a content size of 8 bytes.
    const bomb = Buffer.concat([
      Buffer.from('28b52ffde0', 'hex'),
      Buffer.alloc(8),
      Buffer.from('010000', 'hex'),
    ]);
    bomb.writeBigUInt64LE(2n ** 50n, 5);
    expect(declaredLength(bomb)).toBe(2 ** 50);
    const before = process.memoryUsage().rss;
    expect(await codeOf(() => decompress(bomb, 262_144))).toBe('E_BOMB');
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
  });

  test('a frame that declares nothing, or is none, is refused', async () => {
    // Without single segment and content size: only a window.
    const silent = Buffer.from('28b52ffd0058010000', 'hex');
    for (const bytes of [silent, new Uint8Array(0), utf8('no zstd'), noise(100)]) {
      expect(await codeOf(() => decompress(bytes, 100))).toBe('E_BOMB');
    }
  });

  test('a frame that holds more than it declares never comes out', async () => {
    const packed = Buffer.from(compress(Buffer.alloc(100_000)));
    expect(declaredLength(packed)).toBe(100_000);
    // The same blocks under a header that says 500: an honest decoder stops, and what it says is not bytes.
    const sizeAt = packed.indexOf(Buffer.from(Uint32Array.of(100_000).buffer));
    expect(sizeAt).toBeGreaterThan(0);
    packed.writeUInt32LE(500, sizeAt);
    expect(await codeOf(() => decompress(packed, 500))).toBe('E_DAMAGED');
  });
});

describe('frames', () => {
  test.each([
    ['text', lines(50_000), FrameCodec.zstd],
    ['large text', lines(250_000), FrameCodec.zstd],
    ['noise', noise(50_000), FrameCodec.plain],
    ['large noise', noise(250_000), FrameCodec.plain],
    ['nothing', Buffer.alloc(0), FrameCodec.plain],
  ])('%s comes back', (_, real, codec) => {
    const packed = packFrame(real);
    expect(packed.codec).toBe(codec);
    expect(packed.crc).toBe(crc32(packed.stored));
    const frame = { ...packed, storedLength: packed.stored.length, realLength: real.length };
    expect(Buffer.from(unpackFrame(frame, packed.stored)).equals(real)).toBe(true);
  });
});
