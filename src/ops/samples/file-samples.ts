import { compareUtf8, hex } from '../../base/bytes.js';
import { DvsError } from '../../base/errors.js';
import { datasetSchema, type FileEntry } from '../../entities/dataset.js';
import { type CID, digestOf } from '../../id/cid.js';
import { readContent } from '../../store/objects/content.js';
import type { ObjectReader } from '../../store/objects/reader.js';
import { lookup } from '../../tree/read.js';
import type { Definition } from './definition.js';
import { FieldPlan, GROUP, KEY, LABEL, planOf, TIME, VALUES } from './field-plan.js';
import { chosenFiles, type DatasetFile } from './inputs.js';
import { Only } from './only.js';
import type { ExtractedFile } from './reader.js';
import type { SampleIndex } from './sample-index.js';
import { assertNumber, type LocatedSample, type Numbers, type SampleSet } from './sample-set.js';
import type { ScannedSample, ScanWish } from './scan.js';

const BATCH = 4096;

/** The reader whose samples are whole files: it opens none of them, so it is none of the others' kind. */
export const FILES_READER = { name: 'files', version: 1, claims: () => true } as const;

export interface FileSamplesParts {
  readonly objects: ObjectReader;
  readonly dataset: CID;
  readonly definition: Definition;
  readonly count: number;
  readonly labels: readonly string[] | undefined;
  readonly index: SampleIndex;
}

/** Samples that are whole files. Nothing is read of them to find one: their content IDs are in the dataset. */
export class FileSamples implements SampleSet {
  readonly count: number;
  readonly labels: readonly string[];
  readonly #parts: FileSamplesParts;

  constructor(parts: FileSamplesParts) {
    this.#parts = parts;
    this.count = parts.count;
    this.labels = parts.labels ?? [];
  }

  async columns(): Promise<readonly string[]> {
    return [];
  }

  async *scan(wish: ScanWish): AsyncGenerator<readonly ScannedSample[], void, undefined> {
    const { objects, dataset, definition } = this.#parts;
    yield* scanFiles(
      chosenFiles(objects, dataset, { ...FILES_READER, paths: definition.paths }),
      wish,
      definition,
    );
  }

  async locate(number: number): Promise<LocatedSample> {
    const path = await this.pathOf(number);
    const key = new FieldPlan([this.#parts.definition.fields.key]).read(KEY, undefined, 0, path);
    return { number, path, key: key ?? path };
  }

  async pathOf(number: number): Promise<string> {
    assertNumber(number, this.count);
    return this.#parts.index.path(number);
  }

  async *read(number: number): AsyncGenerator<Uint8Array, void, undefined> {
    const { objects, dataset } = this.#parts;
    const entry = await lookup(datasetSchema, objects, dataset, await this.pathOf(number));
    if (entry?.type !== 'file') {
      throw new DvsError('E_DAMAGED', `sample ${number} is not where its index says`, {
        hint: 'Remove `.dvs/samples`: what is in there is made again when it is needed.',
      });
    }
    yield* readContent(objects, entry.id, { size: entry.size });
  }

  print(number: number): AsyncGenerator<Uint8Array, void, undefined> {
    return this.read(number);
  }

  labelOf(number: number): number | undefined {
    return this.#parts.labels === undefined ? undefined : this.#parts.index.record(number).label;
  }

  /** Defined where keys are paths. */
  get numberOf(): ((path: string) => Promise<number | undefined>) | undefined {
    return this.#parts.definition.fields.key === undefined ? (path) => this.#numberOf(path) : undefined;
  }

  async #numberOf(path: string): Promise<number | undefined> {
    const { index } = this.#parts;
    let low = 0;
    let high = this.count;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (compareUtf8(index.path(middle), path) <= 0) low = middle;
      else high = middle;
    }
    return index.path(low) === path ? low : undefined;
  }

  async *extract(numbers: Numbers): AsyncGenerator<ExtractedFile, void, undefined> {
    const only = (): AsyncIterable<readonly number[]> => numbers.within(0, this.count);
    const { objects, dataset, definition } = this.#parts;
    const chosen = new Only(only());
    let number = 0;
    for await (const { path, entry } of chosenFiles(objects, dataset, {
      ...FILES_READER,
      paths: definition.paths,
    })) {
      await chosen.upTo(number + 1);
      if (chosen.has(number++)) yield { path, bytes: readContent(objects, entry.id, { size: entry.size }) };
    }
  }

  close(): void {
    this.#parts.index.close();
  }
}

/** Files as samples, numbered as they come. */
export async function* scanFiles(
  files: AsyncIterable<DatasetFile>,
  wish: ScanWish,
  { fields }: Pick<Definition, 'fields'>,
): AsyncGenerator<readonly ScannedSample[], void, undefined> {
  const { key, digest, values = [] } = wish;
  const only = wish.only && new Only(wish.only());
  const plan = planOf(wish, fields);
  let batch: ScannedSample[] = [];
  let number = 0;
  for await (const { path, entry } of files) {
    await only?.upTo(number + 1);
    const isWanted = only?.has(number) !== false;
    if (isWanted) {
      batch.push({
        number,
        path,
        key: plan.read(KEY, undefined, 0, path) ?? (key === true ? path : ''),
        label: plan.read(LABEL, undefined, 0, path),
        group: plan.read(GROUP, undefined, 0, path) || undefined,
        time: plan.read(TIME, undefined, 0, path),
        digest: digest === true ? digestText(entry) : '',
        row: undefined,
        values: values.map((_, k) => plan.read(VALUES + k, undefined, 0, path)),
      });
    }
    number++;
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function digestText({ id }: FileEntry): string {
  return hex(digestOf(id));
}
