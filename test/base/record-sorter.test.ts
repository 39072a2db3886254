import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { RecordSorter } from '#src/base/record-sorter.js';
import { Scratch } from '#src/base/scratch.js';
import { tempDir } from '../support/tmp.js';

async function scratchFolder(): Promise<{ scratch: Scratch; folder: string }> {
  const folder = join(await tempDir(), 'tmp');
  const scratch = new Scratch(folder);
  onTestFinished(() => scratch.close());
  return { scratch, folder };
}

function recordsOf(sorter: RecordSorter, width: number): Buffer[] {
  const all: Buffer[] = [];
  for (const batch of sorter.sorted()) {
    for (let at = 0; at < batch.length; at += width) all.push(Buffer.from(batch.subarray(at, at + width)));
  }
  return all;
}

const inOrder = (records: readonly Uint8Array[]): Buffer[] =>
  records.map((record) => Buffer.from(record)).sort(Buffer.compare);

/** Bytes with many equal ones and many beginnings in common. */
const bytes = (width: number) =>
  fc
    .uint8Array({ minLength: width, maxLength: width, max: 255 })
    .chain((random) => fc.constantFrom(0, 1, 3, 255).map((mask) => random.map((byte) => byte & mask)));

const cases = fc.integer({ min: 1, max: 30 }).chain((width) =>
  fc.record({
    width: fc.constant(width),
    records: fc.array(bytes(width), { maxLength: 400 }),
    runRecords: fc.constantFrom(1, 2, 7, 50, 10_000),
  }),
);

describe('a sorter of records', () => {
  test('sorts by bytes, however long its runs are, as often as it is asked', async () => {
    const { scratch } = await scratchFolder();
    fc.assert(
      fc.property(cases, ({ width, records, runRecords }) => {
        const sorter = new RecordSorter(scratch, width, { runRecords });
        for (const record of records) sorter.add(record);
        expect(sorter.length).toBe(records.length);
        const expected = inOrder(records);
        expect(recordsOf(sorter, width)).toEqual(expected);
        expect(recordsOf(sorter, width)).toEqual(expected);
        sorter.close();
      }),
      { numRuns: 300 },
    );
  });

  test.each([0, 1, 63, 64, 65, 127, 128, 129])('sorts %i records in runs of 64', async (count) => {
    const { scratch } = await scratchFolder();
    const records = Array.from({ length: count }, (_, i) => Buffer.from([0, (i * 89) % 256, 7, i % 3, 1, i]));
    const sorter = new RecordSorter(scratch, 6, { runRecords: 64 });
    for (const record of records) sorter.add(record);
    expect(recordsOf(sorter, 6)).toEqual(inOrder(records));
  });

  test('looks at every byte, within a run and across runs', async () => {
    const { scratch } = await scratchFolder();
    for (let at = 0; at < 12; at++) {
      const records = Array.from({ length: 100 }, (_, i) =>
        Buffer.alloc(12, 5).fill((i * 37) % 256, at, at + 1),
      );
      const sorter = new RecordSorter(scratch, 12, { runRecords: 30 });
      for (const record of records) sorter.add(record);
      expect(recordsOf(sorter, 12), `byte ${at}`).toEqual(inOrder(records));
    }
  });

  test('goes on after it was read', async () => {
    const { scratch } = await scratchFolder();
    const sorter = new RecordSorter(scratch, 1, { runRecords: 4 });
    const added: number[] = [];
    for (const value of [5, 3, 9, 200, 1, 0, 77, 5, 5, 254, 2]) {
      added.push(value);
      sorter.add(Uint8Array.of(value));
      expect(recordsOf(sorter, 1).map(([byte]) => byte)).toEqual(added.toSorted((a, b) => a - b));
    }
  });

  test('is not slowed down by records that are equal, or but for their last byte', async () => {
    const { scratch } = await scratchFolder();
    for (const last of [() => 0, (i: number) => (i * 7919) % 251]) {
      const sorter = new RecordSorter(scratch, 26, { runRecords: 120_000 });
      const record = Buffer.alloc(26, 9);
      const counts = new Array<number>(256).fill(0);
      for (let i = 0; i < 300_000; i++) {
        record[25] = last(i);
        counts[last(i)] = (counts[last(i)] ?? 0) + 1;
        sorter.add(record);
      }
      const found = new Array<number>(256).fill(0);
      let before = 0;
      for (const batch of sorter.sorted()) {
        for (let at = 25; at < batch.length; at += 26) {
          const byte = batch[at] ?? 0;
          if (byte < before) expect.fail('not in order');
          before = byte;
          found[byte] = (found[byte] ?? 0) + 1;
        }
      }
      expect(found).toEqual(counts);
      sorter.close();
    }
  });

  test('needs no file while a run is enough, and leaves none that has a name', async () => {
    const { scratch, folder } = await scratchFolder();
    const sorter = new RecordSorter(scratch, 4, { runRecords: 10 });
    for (let i = 0; i < 10; i++) sorter.add(Buffer.from([9 - i, 0, 0, 0]));
    expect(recordsOf(sorter, 4)).toHaveLength(10);
    expect(() => readdirSync(folder)).toThrow();
    sorter.add(Buffer.alloc(4));
    expect(readdirSync(folder)).toEqual([]);
  });

  test('gives its file back when it is closed, also in the middle of reading', async () => {
    const { folder } = await scratchFolder();
    let open = 0;
    class Counting extends Scratch {
      override openFile(): number {
        open++;
        return super.openFile();
      }
      override closeFile(file: number): void {
        open--;
        super.closeFile(file);
      }
    }
    const sorter = new RecordSorter(new Counting(folder), 2, { runRecords: 3 });
    for (let i = 0; i < 100; i++) sorter.add(Buffer.from([i, i]));
    for (const batch of sorter.sorted()) {
      expect(batch[0]).toBe(0);
      break;
    }
    expect(open).toBe(1);
    sorter.close();
    expect(open).toBe(0);
    expect(recordsOf(sorter, 2)).toEqual([]);
  });
});
