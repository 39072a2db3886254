import { compareBytes } from '../../base/bytes.js';
import type { KeyRange, Layer, LayerEntry } from './layer.js';

/** One layer on its way through its entries. */
interface Lane {
  readonly rest: Iterator<LayerEntry>;
  next: LayerEntry;
}

/** The entries of several layers, the newest first, as if they were one; what was removed is among them. */
export function merge(layers: readonly Layer[], range: KeyRange = {}): Iterable<LayerEntry> {
  const [only, ...others] = layers.filter(({ size }) => size > 0);
  return only === undefined || others.length > 0 ? mergeAll(layers, range) : only.entries(range);
}

function* mergeAll(layers: readonly Layer[], range: KeyRange): Generator<LayerEntry> {
  const sign = range.reverse === true ? -1 : 1;
  const lanes: Lane[] = [];
  for (const layer of layers) {
    const rest = layer.entries(range)[Symbol.iterator]();
    const { done, value } = rest.next();
    if (done !== true) lanes.push({ rest, next: value });
  }
  for (;;) {
    const [newest, ...older] = foremost(lanes, sign);
    if (newest === undefined) return;
    yield newest.next;
    // What older layers say of the same key counts no more.
    for (const lane of [newest, ...older]) {
      const { done, value } = lane.rest.next();
      if (done === true) lanes.splice(lanes.indexOf(lane), 1);
      else lane.next = value;
    }
  }
}

/** The lanes whose next key comes first, the newest first. */
function foremost(lanes: readonly Lane[], sign: number): Lane[] {
  let found: Lane[] = [];
  for (const lane of lanes) {
    const [first] = found;
    const order = first === undefined ? -1 : sign * compareBytes(lane.next.key, first.next.key);
    if (order < 0) found = [lane];
    else if (order === 0) found.push(lane);
  }
  return found;
}

/** Only entries with a value: for readers, and where no older layer is left. */
export function* withoutRemoved(
  entries: Iterable<LayerEntry>,
): Generator<{ key: Uint8Array; value: Uint8Array }> {
  for (const { key, value } of entries) if (value !== undefined) yield { key, value };
}

/**
 * How many of the newest layers, of these sizes, are to become one, so that each layer that stays has at least twice the bytes of
 * all newer ones together: then there are few, and each entry is written again only a few times in its life.
 */
export function layersToMerge(sizes: readonly number[]): number {
  let merged = 1;
  let newer = 0;
  for (const [i, size] of sizes.entries()) {
    if (size < 2 * newer) merged = i + 1;
    newer += size;
  }
  return merged;
}
