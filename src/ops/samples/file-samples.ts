import { compareUtf8, hex } from '../../base/bytes.js';
import { DvsError } from '../../base/errors.js';
import type { DatasetEntry } from '../../entities/dataset.js';
import { datasetSchema, type FileEntry } from '../../entities/dataset.js';
import { type CID, digestOf } from '../../id/cid.js';
import { readContent } from '../../store/objects/content.js';
import type { ObjectReader } from '../../store/objects/reader.js';
import { Cursor, type NodeReader, nodeReader } from '../../tree/cursor.js';
import { keeping } from '../../tree/keeping.js';
import { isSubtree } from '../../tree/node.js';
import type { Definition } from './definition.js';
import { FieldPlan, GROUP, KEY, LABEL, planOf, TIME, VALUES } from './field-plan.js';
import { chooser, chosenFiles, type DatasetFile } from './inputs.js';
import { Only } from './only.js';
import type { ExtractedFile } from './reader.js';
import type { SampleIndex } from './sample-index.js';
import { assertNumber, type LocatedSample, type Numbers, type SampleSet } from './sample-set.js';
import type { ScannedSample, ScanWish } from './scan.js';

/** Between two files whose paths the index has. */
export const ANCHOR_EVERY = 256;
const BATCH = 4096;

/** The reader whose samples are whole files: it opens none of them, so it is none of the others' kind. */
export const FILES_READER = { name: 'files', version: 1, claims: () => true } as const;

export interface FileSamplesParts {
  readonly objects: ObjectReader;
  readonly dataset: CID;
  readonly definition: Definition;
  readonly count: number;
  /** The path of every `ANCHOR_EVERY`th file, from the first on. */
  readonly anchors: readonly string[];
  readonly labels: readonly string[] | undefined;
  readonly index: SampleIndex;
}

/** Samples that are whole files. Nothing is read of them to find one: their content IDs are in the dataset. */
export class FileSamples implements SampleSet {
  readonly count: number;
  readonly labels: readonly string[];
  readonly #parts: FileSamplesParts;
  readonly #read: NodeReader<DatasetEntry>;
  readonly #isChosen: (path: string) => boolean;

  constructor(parts: FileSamplesParts) {
    this.#parts = parts;
    this.count = parts.count;
    this.labels = parts.labels ?? [];
    this.#read = keeping(nodeReader(datasetSchema, parts.objects));
    this.#isChosen = chooser({ paths: parts.definition.paths, claims: FILES_READER.claims });
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
    const file = await this.#file(number);
    const key = new FieldPlan([this.#parts.definition.fields.key]).read(0, undefined, 0, file.path);
    return { number, path: file.path, key: key ?? file.path, files: [file] };
  }

  async pathOf(number: number): Promise<string> {
    return (await this.#file(number)).path;
  }

  async *read(number: number): AsyncGenerator<Uint8Array, void, undefined> {
    const { entry } = await this.#file(number);
    yield* readContent(this.#parts.objects, entry.id, { size: entry.size });
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
    const { anchors } = this.#parts;
    let low = 0;
    let high = anchors.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (compareUtf8(anchors[middle] ?? '', path) <= 0) low = middle;
      else high = middle;
    }
    let number = low * ANCHOR_EVERY;
    for await (const file of this.#from(anchors[low] ?? '')) {
      const order = compareUtf8(file.path, path);
      if (order >= 0) return order === 0 ? number : undefined;
      number++;
    }
    return undefined;
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

  async #file(number: number): Promise<DatasetFile> {
    assertNumber(number, this.count);
    let left = number % ANCHOR_EVERY;
    for await (const file of this.#from(this.#parts.anchors[Math.floor(number / ANCHOR_EVERY)] ?? '')) {
      if (left-- === 0) return file;
    }
    throw new DvsError('E_DAMAGED', `sample ${number} is not where its index says`, {
      hint: 'Remove `.dvs/samples`: what is in there is made again when it is needed.',
    });
  }

  /** The chosen files from a path on. */
  async *#from(path: string): AsyncGenerator<DatasetFile, void, undefined> {
    const cursor = await Cursor.open(this.#read, this.#parts.dataset);
    for (let item = await cursor.seekFrom(path); item !== undefined && !isSubtree(item); ) {
      if (item.value.type === 'file' && this.#isChosen(item.key)) yield { path: item.key, entry: item.value };
      cursor.skip();
      item = await cursor.descend();
    }
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
        group: plan.read(GROUP, undefined, 0, path),
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
