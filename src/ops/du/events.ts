import { compareBytes, equalBytes } from '../../base/bytes.js';
import type { Scratch } from '../../base/scratch.js';
import { type RecordCodec, Spill } from '../../base/spill.js';
import { DIGEST_LENGTH, type Digest } from '../../id/hash.js';

/** From one position up to, but without, another. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** An object and where it is. */
export interface Present {
  readonly digest: Digest;
  /** Bytes that it takes where it is stored, as its events say. */
  readonly share: number;
  /** In order, apart from each other. */
  readonly spans: readonly Span[];
}

interface Event {
  readonly digest: Digest;
  readonly share: number;
  readonly at: number;
  readonly change: number;
}

const EVENT_LENGTH = DIGEST_LENGTH + 16;

/** As records: digest, f64 share, u32 position, i32 change. */
const event: RecordCodec<Event> = {
  maxLength: EVENT_LENGTH,
  put(target, start, { digest, share, at, change }) {
    target.set(digest, start);
    let end = target.writeDoubleLE(share, start + DIGEST_LENGTH);
    end = target.writeUInt32LE(at, end);
    return target.writeInt32LE(change, end);
  },
  take: (record) => ({
    digest: new Uint8Array(record.subarray(0, DIGEST_LENGTH)),
    share: record.readDoubleLE(DIGEST_LENGTH),
    at: record.readUInt32LE(DIGEST_LENGTH + 8),
    change: record.readInt32LE(DIGEST_LENGTH + 12),
  }),
};

/** By the beginning of their digests: only one part is in memory at a time, 60 bytes an event. */
const PARTS = 32;

/**
 * At which positions objects come and go, told in any order. A position is one version of a name, numbered so that the
 * versions of one name follow each other; so a version costs what differs from the one before.
 */
export class Events {
  readonly #parts: readonly Spill<Event>[];
  /** The position after the last version of the name that has this one: there all that is left goes. */
  readonly #endOf: (position: number) => number;

  constructor(scratch: Scratch, endOf: (position: number) => number) {
    this.#parts = Array.from({ length: PARTS }, () => new Spill(scratch, event));
    this.#endOf = endOf;
  }

  /** From `at` on there are so many more (or fewer) paths, or parents, that have this object. */
  add(digest: Digest, at: number, change: number, share = 0): void {
    this.#parts[(digest[0] ?? 0) % PARTS]?.add({ digest, share, at, change });
  }

  /** Each object that is anywhere, once. */
  *objects(): Generator<Present> {
    for (const part of this.#parts) {
      for (const events of groups(part)) {
        const spans = spansOf(events, this.#endOf);
        const [first] = events;
        if (first !== undefined && spans.length > 0) yield { ...first, spans };
      }
    }
  }

  close(): void {
    for (const part of this.#parts) part.close();
  }
}

/** The events of each object, in order of their digests. */
function* groups(part: Spill<Event>): Generator<Event[]> {
  const bytes = Buffer.alloc(part.length * EVENT_LENGTH);
  const keys = new Float64Array(part.length);
  let count = 0;
  for (const record of part.records()) {
    record.bytes.copy(bytes, count * EVENT_LENGTH);
    keys[count++] = record.bytes.readUIntBE(0, 6);
  }
  const at = (index: number): Buffer => bytes.subarray(index * EVENT_LENGTH, (index + 1) * EVENT_LENGTH);
  const order = Uint32Array.from(keys.keys()).sort(
    (a, b) =>
      (keys[a] ?? 0) - (keys[b] ?? 0) ||
      compareBytes(at(a).subarray(0, DIGEST_LENGTH), at(b).subarray(0, DIGEST_LENGTH)),
  );
  let group: Event[] = [];
  for (const index of order) {
    const next = event.take(at(index));
    if (group[0] !== undefined && !equalBytes(group[0].digest, next.digest)) {
      yield group;
      group = [];
    }
    group.push(next);
  }
  if (group.length > 0) yield group;
}

interface Change {
  readonly at: number;
  readonly change: number;
}

/** Where the sum of all changes so far is above zero; it begins anew with each name. */
export function spansOf(changes: readonly Change[], endOf: (position: number) => number): Span[] {
  const spans: Span[] = [];
  let count = 0;
  let from = 0;
  for (const { at, change } of changes.toSorted((a, b) => a.at - b.at || b.change - a.change)) {
    if (count > 0 && at >= endOf(from)) {
      spans.push({ from, to: endOf(from) });
      count = 0;
    }
    if (count === 0) from = at;
    count += change;
    if (count === 0 && at > from) spans.push({ from, to: at });
  }
  if (count > 0) spans.push({ from, to: endOf(from) });
  return spans;
}
