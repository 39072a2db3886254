import { DvsError } from '../../base/errors.js';
import type { ObjectReader } from '../../store/objects/reader.js';
import { storedBytes } from '../../store/objects/stored-bytes.js';
import type { Definition } from './definition.js';
import type { DatasetFile } from './inputs.js';
import type { ExtractedFile, OpenSource, Place, SampleReader, Source } from './reader.js';
import type { SampleIndex } from './sample-index.js';
import {
  assertNumber,
  type EmptiedFile,
  type LocatedSample,
  type Numbers,
  type SampleSet,
} from './sample-set.js';
import type { ScannedSample, ScanWish } from './scan.js';
import { RowScan } from './scan-rows.js';

/** Where the samples of a source begin. */
export interface SourcePlace {
  readonly files: readonly DatasetFile[];
  readonly first: number;
}

export interface RowSamplesParts {
  readonly objects: ObjectReader;
  readonly reader: SampleReader;
  readonly definition: Definition;
  readonly count: number;
  readonly sources: readonly SourcePlace[];
  readonly labels: readonly string[] | undefined;
  readonly index: SampleIndex;
}

/** Sources open at once. */
const OPEN = 16;

/** Samples that are parts of files. */
export class RowSamples implements SampleSet {
  readonly count: number;
  readonly labels: readonly string[];
  readonly #parts: RowSamplesParts;
  readonly #open = new Map<SourcePlace, Promise<OpenSource>>();

  constructor(parts: RowSamplesParts) {
    this.#parts = parts;
    this.count = parts.count;
    this.labels = parts.labels ?? [];
  }

  async columns(): Promise<readonly string[] | undefined> {
    const [first] = this.#parts.sources;
    return first && (await this.#opened(first)).columns;
  }

  async *scan(wish: ScanWish): AsyncGenerator<readonly ScannedSample[], void, undefined> {
    const { objects, sources, definition } = this.#parts;
    const scan = new RowScan(wish, definition.fields);
    for (const place of sources) {
      const source = sourceOf(objects, place.files);
      yield* scan.run({ source, open: await this.#opened(place), first: place.first });
    }
  }

  async locate(number: number): Promise<LocatedSample> {
    const { source, path, open, place } = await this.#find(number);
    const scan = new RowScan({ key: true }, this.#parts.definition.fields);
    const batch = await open.at(place, scan.wanted, number - source.first + 1);
    const { key } = scan.sample(batch, 0, number, path);
    return { number, path, key };
  }

  async pathOf(number: number): Promise<string> {
    return this.#source(number).files[0]?.path ?? '';
  }

  async *read(number: number): AsyncGenerator<Uint8Array, void, undefined> {
    const { open, place } = await this.#find(number);
    yield await open.read(place);
  }

  async *print(number: number): AsyncGenerator<Uint8Array, void, undefined> {
    const { open, place } = await this.#find(number);
    yield await open.print(place);
  }

  labelOf(number: number): number | undefined {
    return this.#parts.labels === undefined ? undefined : this.#parts.index.record(number).label;
  }

  close(): void {
    this.#parts.index.close();
  }

  async *extract(numbers: Numbers): AsyncGenerator<ExtractedFile | EmptiedFile, void, undefined> {
    const { sources, index } = this.#parts;
    for (const [i, place] of sources.entries()) {
      const end = sources[i + 1]?.first ?? this.count;
      const count = await numbers.count(place.first, end);
      if (count === 0) {
        for (const { path } of place.files) yield { path };
        continue;
      }
      const places = async function* (): AsyncGenerator<Place> {
        for await (const batch of numbers.within(place.first, end)) {
          for (const number of batch) yield index.record(number);
        }
      };
      yield* (await this.#opened(place)).extract({ count, places });
    }
  }

  async #find(
    number: number,
  ): Promise<{ source: SourcePlace; path: string; open: OpenSource; place: Place }> {
    const source = this.#source(number);
    const { at, length } = this.#parts.index.record(number);
    const path = source.files[0]?.path ?? '';
    return { source, path, open: await this.#opened(source), place: { at, length } };
  }

  #source(number: number): SourcePlace {
    assertNumber(number, this.count);
    const { sources } = this.#parts;
    let low = 0;
    let high = sources.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((sources[middle]?.first ?? 0) <= number) low = middle;
      else high = middle;
    }
    const found = sources[low];
    if (found === undefined) throw new DvsError('E_INTERNAL', 'samples without sources');
    return found;
  }

  #opened(place: SourcePlace): Promise<OpenSource> {
    const { objects, reader, definition } = this.#parts;
    const known = this.#open.get(place);
    if (known !== undefined) return known;
    const opening = reader.open(sourceOf(objects, place.files), definition.own);
    opening.catch(() => this.#open.delete(place));
    this.#open.set(place, opening);
    const [oldest] = this.#open.keys();
    if (this.#open.size > OPEN && oldest !== undefined) this.#open.delete(oldest);
    return opening;
  }
}

/** Files of a dataset, as readers take them. */
export function sourceOf(objects: ObjectReader, files: readonly DatasetFile[]): Source {
  return { files: files.map(({ path, entry }) => ({ path, bytes: storedBytes(objects, entry) })) };
}
