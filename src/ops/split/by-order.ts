import { RecordSorter } from '../../base/record-sorter.js';
import type { Scratch } from '../../base/scratch.js';
import type { SampleFacts, SampleList } from './facts.js';
import { PartTable } from './part-table.js';
import { isSame, NUMBER_BYTES, putInteger, RecordCursor, takeInteger } from './record.js';
import { firstBefore } from './u.js';

/** Samples that have the same beginning, and the places that they take together in the order of all. */
interface Group {
  /** The first place. */
  readonly start: number;
  /** Bytes that all of them begin with. */
  common: number;
  count: number;
  /** The bytes of one of them. */
  sample: Uint8Array | undefined;
}

/** Bytes that a record has of a sample's; then how many of them there were, or one more when there are others after them. */
const PIECE = 15;
const HAS_MORE = PIECE + 1;
const GROUP_BYTES = 2;

/**
 * Divides samples in the order of (`bytesOf`, number): part t has those before ends[t], the last of which is the count. Bytes may
 * have any length, and need not be sorted out where it makes no difference: samples are sorted by as many as a record
 * has room for, and only those that have the same there and lie on both sides of an end go on, with the bytes that follow
 * what they all have in common. There is one end fewer than parts, so what is remembered is bounded.
 */
export async function divideByOrder(
  samples: SampleList,
  ends: Float64Array,
  bytesOf: (sample: SampleFacts) => Uint8Array,
  scratch: Scratch,
): Promise<PartTable> {
  /** Part t is t + 1 in the table; what is still open of group g is `open` + g. */
  const open = ends.length + 1;
  const table = new PartTable(samples.total, 2 * ends.length + 1);
  let groups: Group[] = [];
  for await (const batch of samples.facts()) for (const { number } of batch) table.set(number, open);
  for (
    groups = [{ start: 0, common: 0, count: 0, sample: undefined }];
    groups.length > 0;
    groups = await sortFurther()
  )
    await findCommon();
  return table;

  async function eachOpen(visit: (group: Group, g: number, sample: SampleFacts) => void): Promise<void> {
    for await (const batch of samples.facts()) {
      for (const sample of batch) {
        const g = table.get(sample.number) - open;
        const group = groups[g];
        if (group !== undefined) visit(group, g, sample);
      }
    }
  }

  async function findCommon(): Promise<void> {
    await eachOpen((group, _, sample) => {
      const bytes = bytesOf(sample);
      group.count++;
      if (group.sample === undefined) {
        group.sample = bytes;
        group.common = bytes.length;
      }
      let same = 0;
      const most = Math.min(group.common, bytes.length);
      while (same < most && bytes[same] === group.sample[same]) same++;
      group.common = same;
    });
  }

  /** Gives the open samples their parts, as far as that can be told; returns the groups that stay open. */
  async function sortFurther(): Promise<Group[]> {
    const pieceAt = groups.length > 1 ? GROUP_BYTES : 0;
    const numberAt = pieceAt + PIECE + 1;
    const sorter = new RecordSorter(scratch, numberAt + NUMBER_BYTES);
    try {
      const record = new Uint8Array(sorter.width);
      await eachOpen((group, g, sample) => {
        putInteger(record, 0, g, pieceAt);
        const rest = bytesOf(sample).subarray(group.common);
        for (let i = 0; i < PIECE; i++) record[pieceAt + i] = rest[i] ?? 0;
        record[pieceAt + PIECE] = Math.min(rest.length, HAS_MORE);
        putInteger(record, numberAt, sample.number, NUMBER_BYTES);
        sorter.add(record);
      });
      const undecided = assign(sorter, numberAt);
      reopen(sorter, numberAt, undecided);
      return undecided.map(({ group }) => group);
    } finally {
      sorter.close();
    }
  }

  /** Fills the table in order of the records; returns the stretches of those that have more bytes and not all one part. */
  function assign(sorter: RecordSorter, numberAt: number): Stretch[] {
    const undecided: Stretch[] = [];
    const cursor = new RecordCursor(sorter);
    const before = new Uint8Array(numberAt);
    let ordinal = 0;
    for (const group of groups) {
      let from = 0;
      let partBefore = -1;
      let stretch: Stretch | undefined;
      for (let i = 0; i < group.count; i++, ordinal++, cursor.next()) {
        const { bytes, at } = cursor;
        const part = firstBefore(ends, group.start + i);
        table.set(takeInteger(bytes, at + numberAt, NUMBER_BYTES), part + 1);
        const isNext = i === 0 || !isSame(bytes, at, before, 0, numberAt);
        if (isNext) {
          from = i;
          stretch = undefined;
          cursor.copyTo(before, numberAt);
        } else if (stretch !== undefined) {
          stretch.to = ordinal + 1;
        } else if (part !== partBefore && before[numberAt - 1] === HAS_MORE) {
          const next = { start: group.start + from, common: 0, count: 0, sample: undefined };
          stretch = { group: next, from: ordinal - i + from, to: ordinal + 1 };
          undecided.push(stretch);
        }
        partBefore = part;
      }
    }
    return undecided;
  }

  function reopen(sorter: RecordSorter, numberAt: number, stretches: readonly Stretch[]): void {
    if (stretches.length === 0) return;
    const cursor = new RecordCursor(sorter);
    let g = 0;
    for (let ordinal = 0; !cursor.isAtEnd; ordinal++, cursor.next()) {
      if (ordinal === stretches[g]?.to) g++;
      if (ordinal < (stretches[g]?.from ?? Infinity)) continue;
      table.set(takeInteger(cursor.bytes, cursor.at + numberAt, NUMBER_BYTES), open + g);
    }
  }
}

/** Records from the `from`th until before the `to`th in order. */
interface Stretch {
  readonly group: Group;
  readonly from: number;
  to: number;
}
