import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextCandidate } from '#src/chunk/candidates.js';
import { chunksOf } from '#src/chunk/chunks.js';
import { Cutter } from '#src/chunk/cuts.js';
import { WINDOW } from '#src/chunk/limits.js';
import { GearScanner } from '#src/chunk/scanner.js';
import { make, noise } from './support.js';

const memory = new WebAssembly.Memory({ initial: 80, maximum: 80, shared: true });
const dataAt = GearScanner.memoryNeeded() + WINDOW;
const scanner = new GearScanner(memory, 0, GearScanner.tableBytes);
const room = new Uint8Array(memory.buffer, dataAt);

/** Puts bytes where the scanner sees them and scans those from `from` on. */
function scan(bytes: Uint8Array, from = 0): number[] | undefined {
  room.set(bytes);
  return scanner.scan(dataAt + from, bytes.length - from);
}

/** The same in plain TypeScript. */
function candidates(bytes: Uint8Array, from = 0): number[] {
  const found: number[] = [];
  for (let at = from; at < bytes.length; ) {
    const next = nextCandidate(bytes, at + 1, bytes.length);
    if (next === undefined) break;
    found.push(next - from);
    at = next;
  }
  return found;
}

/** A few candidates among 100,000 bytes: windows of known candidates, pasted anywhere, over noise. */
const source = noise(2_000_000);
const windows = candidates(source)
  .filter((end) => end >= WINDOW)
  .map((end) => source.subarray(end - WINDOW, end));
const rich = fc
  .tuple(
    fc.integer({ min: 0, max: 100_000 }),
    fc.integer({ min: 1 }),
    fc.array(fc.tuple(fc.nat(windows.length - 1), fc.nat(99_999)), { maxLength: 40 }),
  )
  .map(([length, seed, pasted]) => {
    const bytes = noise(length, seed);
    for (const [which, at] of pasted) {
      const window = windows[which];
      if (window !== undefined && at + WINDOW <= length) bytes.set(window, at);
    }
    return bytes;
  });

describe('GearScanner', () => {
  it('finds what plain TypeScript finds', () => {
    const bytes = noise(4_000_000, 5);
    expect(scan(bytes)).toEqual(candidates(bytes));
    expect(candidates(bytes).length).toBeGreaterThan(30);
  });

  it('at any offset and of any length', () => {
    fc.assert(
      fc.property(rich, fc.nat(100_000), (bytes, cut) => {
        const from = Math.min(bytes.length, WINDOW + (cut % (bytes.length + 1)));
        expect(scan(bytes, from)).toEqual(candidates(bytes, from));
      }),
      { numRuns: 200 },
    );
  });

  it.each([0, 1, 2, 3, 4, 5, 63, 64, 65])('of %i bytes, with a candidate at their end', (length) => {
    const [window = new Uint8Array()] = windows;
    const bytes = Buffer.concat([new Uint8Array(200 - WINDOW), window, new Uint8Array(100)]);
    expect(scan(bytes.subarray(0, 200), 200 - length)).toEqual(length === 0 ? [] : [length]);
    expect(scan(bytes, 200)).toEqual([]);
  });

  it.each([1, 2, 3, 4])('not the candidate %i after its end', (after) => {
    const [window = new Uint8Array()] = windows;
    room.fill(0);
    room.set(window, 200 - WINDOW);
    for (const length of [0, 1, 2, 3, 4, 96]) {
      expect(scanner.scan(dataAt + 200 - after - length, length)).toEqual([]);
    }
  });

  it('whatever lies before a file, its cuts are the same', () => {
    const bytes = noise(1_000_000, 3);
    for (const before of [0, 1, 0x5a, 0xff]) {
      new Uint8Array(memory.buffer, dataAt - WINDOW, WINDOW).fill(before);
      const found = scan(bytes) ?? [];
      // h forgets a byte after 64 shifts: only candidates below 64 can differ, and no cut is below 8 KiB.
      expect(found.filter((end) => end >= WINDOW)).toEqual(candidates(bytes).filter((end) => end >= WINDOW));
      const cutter = new Cutter();
      const ends = [...cutter.push(found, bytes.length), ...cutter.finish()];
      expect(ends).toEqual(chunksOf(bytes).map(({ offset, length }) => offset + length));
    }
  });

  it('fills its room to the brim, and answers undefined beyond', () => {
    const fits = GearScanner.outBytes / 4;
    const bytes = make({ formula: 'repeat', hex: '7f6a9b41', length: 4 * (fits + 20) });
    const all = candidates(bytes, WINDOW);
    const brim = WINDOW + (all[fits - 1] ?? 0);
    expect(scan(bytes.subarray(0, brim), WINDOW)).toEqual(all.slice(0, fits));
    expect(scan(bytes.subarray(0, brim + 4), WINDOW)).toBeUndefined();
  });

  it('writes nothing outside its room', () => {
    const before = new Uint8Array(memory.buffer.slice(GearScanner.memoryNeeded(), dataAt));
    scan(make({ formula: 'repeat', hex: '7f6a9b41', length: 1_000_000 }));
    expect(new Uint8Array(memory.buffer.slice(GearScanner.memoryNeeded(), dataAt))).toEqual(before);
  });

  it('several share one table', () => {
    const second = new GearScanner(memory, 0, GearScanner.tableBytes);
    room.set(noise(300_000));
    expect(second.scan(dataAt + 100, 200_000)).toEqual(scanner.scan(dataAt + 100, 200_000));
    expect(GearScanner.memoryNeeded(3)).toBe(GearScanner.tableBytes + 3 * GearScanner.outBytes);
  });
});

describe('Cutter', () => {
  /** The cuts of `bytes` in stretches that end at `ends`, each by the scanner or by bytes as `ways` says. */
  function cutIn(bytes: Uint8Array, ends: readonly number[], ways: readonly boolean[]): number[] {
    const cutter = new Cutter();
    const cuts: number[] = [];
    let at = 0;
    for (const [index, end] of [...ends, bytes.length].entries()) {
      const before = Math.min(at, WINDOW);
      const stretch = bytes.subarray(at - before, end);
      const found = ways[index] === true ? scan(stretch, before) : undefined;
      const certain = found === undefined ? cutter.pushBytes(stretch, before) : cutter.push(found, end - at);
      cuts.push(...certain);
      at = end;
    }
    return [...cuts, ...cutter.finish()];
  }

  const stretches = (bytes: Uint8Array) =>
    fc.tuple(
      fc.array(fc.nat(bytes.length), { maxLength: 12 }).map((ends) => ends.sort((a, b) => a - b)),
      fc.array(fc.boolean(), { minLength: 13, maxLength: 13 }),
    );

  it.each([
    ['noise', noise(700_000, 11)],
    ['zeros', new Uint8Array(700_000)],
    ['dense candidates', make({ formula: 'repeat', hex: '30c1b5', length: 300_000 })],
  ])('cuts %s the same however it is split', (_, bytes) => {
    const whole = chunksOf(bytes).map(({ offset, length }) => offset + length);
    fc.assert(
      fc.property(stretches(bytes), ([ends, ways]) => {
        expect(cutIn(bytes, ends, ways)).toEqual(whole);
      }),
      { numRuns: 100 },
    );
  });

  it('cuts rich data the same however it is split', () => {
    fc.assert(
      fc.property(
        rich.chain((bytes) => stretches(bytes).map((split) => ({ bytes, split }))),
        ({ bytes, split: [ends, ways] }) => {
          const whole = chunksOf(bytes).map(({ offset, length }) => offset + length);
          expect(cutIn(bytes, ends, ways)).toEqual(whole);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('tells a cut as soon as it is certain', () => {
    const cutter = new Cutter();
    expect(cutter.push([8191], 8191)).toEqual([]);
    expect(cutter.push([1], 1)).toEqual([8192]);
    expect(cutter.push([], 131071)).toEqual([]);
    expect(cutter.push([], 1)).toEqual([139264]);
    expect(cutter.finish()).toEqual([]);
  });

  it('an empty file has no chunk', () => {
    expect(new Cutter().finish()).toEqual([]);
  });
});
