import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Progress } from '../../base/progress.js';
import type { Scratch } from '../../base/scratch.js';
import { type DatasetEntry, datasetSchema } from '../../entities/dataset.js';
import { type CID, digestOf } from '../../id/cid.js';
import type { Located } from '../../store/objects/reader.js';
import type { Store } from '../../store/store.js';
import { diff } from '../../tree/diff.js';
import { entries } from '../../tree/read.js';
import { Events, type Present } from './events.js';
import type { Tally } from './tally.js';

/** Datasets whose positions follow each other: mostly the versions of a name, oldest first. */
export interface Series {
  readonly roots: readonly CID[];
}

/** A dataset of which each entry has a position of its own. */
export interface Divided {
  readonly root: CID;
  /** The positions that a path belongs to. */
  positionsOf(path: string): readonly number[];
}

export interface MeasureOptions {
  readonly store: Store;
  readonly scratch: Scratch;
  readonly progress: Progress;
  /** The first has the positions from 0 on, the next those after it, and so on. */
  readonly series: readonly Series[];
  /** Their positions come after those. */
  readonly divided: readonly Divided[];
  readonly tally: Tally;
}

/** Contents looked up at once. */
const AT_ONCE = 512;

/**
 * Adds to the tally what lies in packs for the contents of datasets: of a content in one chunk its part of the frame
 * that holds it, as many bytes as it takes up there; of others that of each chunk, which other contents may share.
 */
export async function measure(options: MeasureOptions): Promise<void> {
  const { store, scratch, series, tally, progress } = options;
  const ends = endsOf(series);
  const endOf = (position: number): number => ends[position] ?? position + 1;
  const contents = new Events(scratch, endOf);
  const chunks = new Events(scratch, endOf);
  try {
    await tellContents(options, contents);
    let items = 0;
    for (const batch of batches(contents.objects())) {
      const wholes = await store.objects.wholes(batch.map(({ digest }) => digest));
      for (const [i, present] of batch.entries()) {
        const whole = wholes[i];
        if (whole !== undefined) tally.add(shareOf(whole), present.spans);
        else await tellChunks(store, present, chunks, endOf);
      }
      items += batch.length;
      progress({ phase: 'counting', bytes: 0, items });
      await nextTurn(); // a signal must not have to wait for the last
    }
    for (const { share, spans } of chunks.objects()) tally.add(share, spans);
  } finally {
    contents.close();
    chunks.close();
  }
}

function endsOf(series: readonly Series[]): number[] {
  const ends: number[] = [];
  for (const { roots } of series) {
    const end = ends.length + roots.length;
    while (ends.length < end) ends.push(end);
  }
  return ends;
}

async function tellContents({ store, series, divided }: MeasureOptions, events: Events): Promise<void> {
  const tell = (entry: DatasetEntry | undefined, at: number, change: number): void => {
    if (entry?.type === 'file') events.add(digestOf(entry.id), at, change);
  };
  let position = 0;
  for (const { roots } of series) {
    let before: CID | undefined;
    for (const root of roots) {
      if (before === undefined) {
        for await (const { value } of entries(datasetSchema, store.objects, root)) tell(value, position, 1);
      } else {
        for await (const change of diff(datasetSchema, store.objects, before, root)) {
          tell(change.before, position, -1);
          tell(change.after, position, 1);
        }
      }
      before = root;
      position++;
    }
  }
  for (const { root, positionsOf } of divided) {
    for await (const { key, value } of entries(datasetSchema, store.objects, root)) {
      for (const at of positionsOf(key)) tell(value, at, 1);
    }
  }
}

async function tellChunks(
  store: Store,
  { digest, spans }: Present,
  chunks: Events,
  endOf: (position: number) => number,
): Promise<void> {
  for await (const pieces of store.objects.pieces(digest)) {
    for (const { object } of pieces) {
      for (const { from, to } of spans) {
        chunks.add(object.id, from, 1, shareOf(object));
        if (to !== endOf(from)) chunks.add(object.id, to, -1, shareOf(object));
      }
    }
  }
}

function shareOf({ storedLength, realLength, length }: Located): number {
  return realLength === 0 ? 0 : (storedLength * length) / realLength;
}

function* batches(items: Iterable<Present>): Generator<Present[]> {
  let batch: Present[] = [];
  for (const item of items) {
    if (batch.push(item) < AT_ONCE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
