import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { PieceReader } from '#src/ops/checkout/pieces.js';
import type { SourcePiece } from '#src/ops/checkout/tasks.js';
import { FrameCodec } from '#src/store/pack/layout.js';
import { compress, loadZstd } from '#src/store/pack/zstd.js';
import { lines, noise } from '../support/bytes.js';
import { codeOf } from '../support/errors.js';
import { tempDir } from '../support/tmp.js';

const PLAIN = [noise(3000, 1), noise(5000, 2)] as const;
const TEXT = Buffer.from(lines(5000));
const WHOLE = Buffer.concat([...PLAIN, TEXT]);

/** A pack of two frames as they are and a compressed one, and one piece for all of each. */
async function pack(): Promise<{ path: string; pieces: SourcePiece[] }> {
  await loadZstd();
  const path = join(await tempDir(), 'pack');
  const frames = [
    ...PLAIN.map((real) => ({ real, stored: real, codec: FrameCodec.plain })),
    { real: TEXT, stored: compress(TEXT), codec: FrameCodec.zstd },
  ];
  writeFileSync(path, Buffer.concat(frames.map(({ stored }) => stored)));
  let end = 0;
  const pieces = frames.map(({ real, stored, codec }): SourcePiece => {
    const frameOffset = end;
    end += stored.length;
    const lengths = { storedLength: stored.length, realLength: real.length, length: real.length };
    return {
      from: path,
      packName: 'a'.repeat(64),
      frameOffset,
      ...lengths,
      crc: crc32(stored),
      codec,
      offset: 0,
    };
  });
  return { path, pieces };
}

function copied(pieces: readonly SourcePiece[]): Buffer {
  const target = Buffer.alloc(pieces.reduce((sum, { length }) => sum + length, 0));
  new PieceReader().copy(pieces, target);
  return target;
}

describe('pieces are put one after the other', () => {
  test('in the order in which they come, wherever they lie in the pack', async () => {
    const { pieces } = await pack();
    const [first, second, text] = pieces;
    if (first === undefined || second === undefined || text === undefined) return;
    expect(copied(pieces).equals(WHOLE)).toBe(true);
    expect(copied([text, second, first]).equals(Buffer.concat([TEXT, PLAIN[1], PLAIN[0]]))).toBe(true);
    expect(copied([first, first]).equals(Buffer.concat([PLAIN[0], PLAIN[0]]))).toBe(true);
  });

  test('also parts of frames', async () => {
    const { pieces } = await pack();
    const parts = pieces.map((piece) => ({ ...piece, offset: 10, length: 100 }));
    const expected = [...PLAIN, TEXT].map((real) => real.subarray(10, 110));
    expect(copied(parts).equals(Buffer.concat(expected))).toBe(true);
  });

  test('from elsewhere as from a local pack', async () => {
    const { pieces } = await pack();
    const [first] = pieces;
    if (first === undefined) return;
    expect(copied([{ ...first, from: PLAIN[0] }]).equals(PLAIN[0])).toBe(true);
  });
});

describe('a pack that is not what it should be', () => {
  test('cut short: E_DAMAGED', async () => {
    const { path, pieces } = await pack();
    writeFileSync(path, WHOLE.subarray(0, 4000));
    expect(await codeOf(() => copied(pieces))).toBe('E_DAMAGED');
  });

  test('gone: E_MISSING', async () => {
    const { pieces } = await pack();
    const lost = pieces.map((piece) => ({ ...piece, from: `${piece.from}.lost` }));
    expect(await codeOf(() => copied(lost))).toBe('E_MISSING');
  });

  test('with another bit in what is compressed: E_DAMAGED before it is decompressed', async () => {
    const { pieces } = await pack();
    const damaged = pieces.map((piece) => ({ ...piece, crc: piece.crc ^ 1 }));
    expect(await codeOf(() => copied(damaged))).toBe('E_DAMAGED');
  });
});
