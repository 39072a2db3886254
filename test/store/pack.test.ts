import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoryBackend } from '#src/backend/memory.js';
import { utf8 } from '#src/base/bytes.js';
import { silent } from '#src/base/progress.js';
import { Scratch } from '#src/base/scratch.js';
import { sha256 } from '#src/id/hash.js';
import { verifyPacks } from '#src/ops/verify/packs.js';
import { emptyReport } from '#src/ops/verify/report.js';
import { assertObject } from '#src/store/objects/check.js';
import {
  decodeFooter,
  decodeHeader,
  decodeTrailer,
  encodeFooter,
  encodeHeader,
  encodeTrailer,
  packName,
} from '#src/store/pack/footer.js';
import {
  EntryKind,
  type Footer,
  FRAME_BYTES,
  FrameCodec,
  HEADER_LENGTH,
  PACK_ENTRIES,
  PackType,
  TRAILER_LENGTH,
} from '#src/store/pack/layout.js';
import { packKey, readFooter, readFrame } from '#src/store/pack/reader.js';
import { flipped, lines, noise } from '../support/bytes.js';
import { codeOf } from '../support/errors.js';
import { tempDir } from '../support/tmp.js';
import { contentObject, openStore, packOf, textObject } from './support.js';

const digest = fc.uint8Array({ minLength: 32, maxLength: 32 });

/** Footers that a pack can have: frames side by side, entries within them. */
const footers: fc.Arbitrary<Footer> = fc
  .array(fc.record({ real: fc.integer({ min: 1, max: FRAME_BYTES }), zstd: fc.boolean(), crc: fc.nat() }), {
    minLength: 1,
    maxLength: 5,
  })
  .chain((shapes) => {
    let offset = HEADER_LENGTH;
    const frames = shapes.map(({ real, zstd, crc }) => {
      const storedLength = zstd ? Math.ceil(real / 2) : real;
      const codec = zstd ? FrameCodec.zstd : FrameCodec.plain;
      const frame = { offset, storedLength, realLength: real, codec, crc };
      offset += storedLength;
      return frame;
    });
    const entry = fc
      .record({
        kind: fc.constantFrom(...Object.values(EntryKind)),
        id: digest,
        frame: fc.nat(frames.length - 1),
      })
      .chain(({ frame, ...rest }) => {
        const room = frames[frame]?.realLength ?? 0;
        return fc
          .nat(room)
          .chain((at) => fc.nat(room - at).map((length) => ({ ...rest, frame, offset: at, length })));
      });
    return fc.record({
      type: fc.constantFrom(...Object.values(PackType)),
      frames: fc.constant(frames),
      entries: fc.uniqueArray(entry, { maxLength: 8, selector: ({ kind, id }) => `${kind}${id}` }),
      recipes: fc.uniqueArray(fc.record({ content: digest, recipe: digest }), {
        maxLength: 4,
        selector: ({ content }) => String(content),
      }),
    });
  });

const endOf = ({ frames }: Footer) => {
  const last = frames.at(-1);
  return last === undefined ? HEADER_LENGTH : last.offset + last.storedLength;
};

describe('the bytes of a pack', () => {
  test('a footer comes back as it was, its lists sorted', () => {
    fc.assert(
      fc.property(footers, (footer) => {
        const bytes = encodeFooter(footer);
        const back = decodeFooter(bytes, endOf(footer));
        expect(encodeFooter(back)).toEqual(bytes);
        expect(back.frames).toEqual(footer.frames);
        expect(new Set(back.entries.map((entry) => JSON.stringify({ ...entry, id: [...entry.id] })))).toEqual(
          new Set(footer.entries.map((entry) => JSON.stringify({ ...entry, id: [...entry.id] }))),
        );
        expect(back.recipes).toHaveLength(footer.recipes.length);
      }),
      { numRuns: 60 },
    );
  });

  test('a footer that was cut, padded or moved is refused', () => {
    fc.assert(
      fc.property(footers, fc.nat(1000), (footer, by) => {
        const bytes = encodeFooter(footer);
        expect(() => decodeFooter(bytes.subarray(0, by % bytes.length), endOf(footer))).toThrow(
          /not an intact pack/,
        );
        expect(() => decodeFooter(Buffer.concat([bytes, Buffer.alloc(1)]), endOf(footer))).toThrow(
          /not an intact/,
        );
        expect(() => decodeFooter(bytes, endOf(footer) + 1)).toThrow(/frames do not reach/);
      }),
      { numRuns: 30 },
    );
  });

  test('counts beyond what a pack may hold are refused before memory is taken for them', async () => {
    const bytes = encodeFooter({ type: PackType.data, frames: [], entries: [], recipes: [] });
    for (const at of [0, 4, 8]) {
      const absurd = Buffer.from(bytes);
      absurd.writeUInt32LE(0xffffffff, HEADER_LENGTH + at);
      expect(await codeOf(() => decodeFooter(absurd, HEADER_LENGTH))).toBe('E_DAMAGED');
    }
  });

  test('header and trailer come back', () => {
    for (const type of Object.values(PackType)) expect(decodeHeader(encodeHeader(type))).toBe(type);
    const nonce = noise(16);
    expect(decodeTrailer(encodeTrailer(nonce, 1234))).toEqual({ nonce, footerLength: 1234 });
  });

  test.each([
    ['a newer version', 8, 2, 'E_FORMAT'],
    ['a cipher suite', 10, 1, 'E_FORMAT'],
    ['a key ID without a cipher suite', 12, 1, 'E_DAMAGED'],
    ['version 0', 8, 0, 'E_DAMAGED'],
    ['an unknown type', 9, 2, 'E_DAMAGED'],
    ['another magic', 0, 0, 'E_DAMAGED'],
  ])('a header with %s is refused', async (_, at, value, code) => {
    const header = encodeHeader(PackType.data);
    header[at] = value;
    expect(await codeOf(() => decodeHeader(header))).toBe(code);
  });
});

/** A small pack of all that there is: plain and compressed frames, a chunk, contents. */
async function smallPack() {
  const objects = [contentObject(noise(700, 1)), textObject('a little text'), contentObject(lines(1_500))];
  const [pack] = await packOf(objects);
  if (pack === undefined) throw new Error('no pack');
  return { ...pack, bytes: readFileSync(pack.path), objects };
}

describe('damage', () => {
  test('every single flipped bit of a pack is found', async () => {
    const { name, bytes } = await smallPack();
    expect(bytes.length).toBeLessThan(4096);
    const unseen: number[] = [];
    const store = await openStore(new MemoryBackend());
    const scratch = new Scratch(await tempDir());
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      await store.backend.create(packKey(name), flipped(bytes, bit));
      const report = emptyReport(scratch);
      await verifyPacks(store, [name], report, silent);
      if (report.damaged.length === 0) unseen.push(bit);
      await store.backend.delete(packKey(name));
    }
    expect(unseen).toEqual([]);
  });

  test('a pack that was cut short anywhere is found', async () => {
    const { name, bytes } = await smallPack();
    for (let length = 0; length < bytes.length; length += 97) {
      const backend = new MemoryBackend();
      await backend.create(packKey(name), bytes.subarray(0, length));
      expect(await codeOf(() => readFooter(backend, name))).toBe('E_DAMAGED');
    }
  });

  test('a pack under the name of another is refused, and an absent one is missing', async () => {
    const { bytes } = await smallPack();
    const backend = new MemoryBackend();
    const name = 'ab'.repeat(32);
    expect(await codeOf(() => readFooter(backend, name))).toBe('E_MISSING');
    await backend.create(packKey(name), bytes);
    expect(await codeOf(() => readFooter(backend, name))).toBe('E_DAMAGED');
  });
});

describe('packs as they are written', () => {
  test('the name is the hash of footer and nonce, so the same objects never have one name twice', async () => {
    const [a, b] = [await smallPack(), await smallPack()];
    expect(a.name).not.toBe(b.name);
    const trailer = decodeTrailer(a.bytes.subarray(-TRAILER_LENGTH));
    const footer = a.bytes.subarray(-TRAILER_LENGTH - trailer.footerLength, -TRAILER_LENGTH);
    expect(Buffer.from(packName(footer, trailer.nonce)).toString('hex')).toBe(a.name);
  });

  test('frames hold at most 256 KiB, and are stored plain when that is as good', async () => {
    const objects = [1, 2, 3].flatMap((i) => [
      ...Array.from({ length: 5 }, (_, j) => contentObject(lines(60_000 + j, i))),
      ...Array.from({ length: 5 }, (_, j) => contentObject(noise(60_000, 10 * i + j))),
    ]);
    const [pack] = await packOf(objects);
    if (pack === undefined) throw new Error('no pack');
    const backend = new MemoryBackend();
    await backend.create(packKey(pack.name), readFileSync(pack.path));
    const { frames, entries } = await readFooter(backend, pack.name);
    expect(Math.max(...frames.map(({ realLength }) => realLength))).toBeLessThanOrEqual(FRAME_BYTES);
    expect(new Set(frames.map(({ codec }) => codec))).toEqual(new Set(Object.values(FrameCodec)));
    expect(entries).toHaveLength(objects.length);
    for (const { kind, id, frame, offset, length } of entries) {
      const around = frames[frame];
      if (around === undefined) throw new Error('no such frame');
      const real = await readFrame(backend, pack.name, around);
      assertObject(kind, id, real.subarray(offset, offset + length));
    }
  });

  test('an object that was added twice has one entry', async () => {
    const object = textObject('twice');
    const [pack] = await packOf([object, textObject('once'), object]);
    const backend = new MemoryBackend();
    await backend.create(packKey(pack?.name ?? ''), readFileSync(pack?.path ?? ''));
    expect((await readFooter(backend, pack?.name ?? '')).entries).toHaveLength(2);
  });

  test('65,536 entries fill a pack; the next one begins another', async () => {
    const objects = Array.from({ length: PACK_ENTRIES + 10 }, (_, i) => textObject(`entry ${i}`));
    const packs = await packOf(objects);
    const store = await openStore(new MemoryBackend());
    const counts: number[] = [];
    for (const { name, path } of packs) {
      await store.backend.adopt([{ key: packKey(name), path }]);
      counts.push((await readFooter(store.backend, name)).entries.length);
    }
    expect(Math.max(...counts)).toBeLessThanOrEqual(PACK_ENTRIES);
    expect(counts.reduce((sum, count) => sum + count)).toBe(objects.length);
  });

  test('64 MiB fill a pack', async () => {
    const block = noise(256 * 1024, 3);
    const objects = Array.from({ length: 260 }, (_, i) => {
      block.writeUInt32LE(i);
      return contentObject(Buffer.from(block));
    });
    const sizes = (await packOf(objects)).map(({ size }) => size);
    expect(sizes).toHaveLength(2);
    expect(Math.max(...sizes)).toBeLessThan(64 * 2 ** 20 + 100_000); // the frames, then the footer
  });

  test('IDs are those of the bytes', () => {
    expect(textObject('x').id).toEqual(sha256(utf8('x')));
  });
});
