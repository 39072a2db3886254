import { basename } from 'node:path';
import { DvsError } from '../../base/errors.js';
import type { Progress } from '../../base/progress.js';
import { badData } from '../../formats/bad-data.js';
import type { CID } from '../../id/cid.js';
import type { ObjectReader } from '../../store/objects/reader.js';
import type { Definition } from './definition.js';
import { FILES_READER, scanFiles } from './file-samples.js';
import type { IndexShape } from './index-layout.js';
import { IndexWriter } from './index-writer.js';
import { chosenFiles, type DatasetFile } from './inputs.js';
import { LabelTable } from './label-table.js';
import { noFiles, noSamples } from './no-samples.js';
import type { ReaderOptions, SampleReader } from './reader.js';
import { rowReader } from './readers.js';
import { type SourcePlace, sourceOf } from './row-samples.js';
import type { ScanWish } from './scan.js';
import { RowScan } from './scan-rows.js';
import { encodeTail, type IndexTail } from './tail.js';

/** What samples are made of. */
export interface BuildParts {
  readonly objects: ObjectReader;
  readonly dataset: CID;
  readonly progress: Progress;
  /** A temporary path for the index. */
  readonly path: string;
}

/** What to build: a definition; or one whose own options are still to be settled, by what is asked for. */
export type BuildWish = Omit<Definition, 'own' | 'version'> & {
  readonly own?: Definition['own'];
  readonly asked?: ReaderOptions;
};

/** An index that is complete but for its name: `keep` gives it that, `discard` removes it. */
export interface BuiltIndex {
  readonly definition: Definition;
  readonly count: number;
  keep(path: string): void;
  discard(): void;
}

/** Files of one dataset whose names are in memory at once; beyond, reading rows of them has another shape. */
const MOST_FILES = 1_000_000;

/** What the index of samples has that are so defined. */
export function shapeOf({ reader, fields }: Pick<Definition, 'reader' | 'fields'>): IndexShape {
  return { places: reader === FILES_READER.name ? 'paths' : 'rows', labels: fields.label !== undefined };
}

/** Goes through a dataset once and notes where each sample lies. E_DATA for files that cannot be read. */
export async function buildIndex(parts: BuildParts, wish: BuildWish): Promise<BuiltIndex> {
  const reader = rowReader(wish.reader);
  const shape = shapeOf(wish);
  const writer = new IndexWriter(parts.path, shape);
  try {
    const build = new IndexBuild(parts, wish, writer);
    const { definition, tail } = reader === undefined ? await build.files() : await build.rows(reader);
    return {
      definition,
      count: writer.count,
      keep: (path) => writer.finish(path, encodeTail(basename(path), tail)),
      discard: () => writer.discard(),
    };
  } catch (error) {
    writer.discard();
    throw error;
  }
}

interface Indexed {
  readonly definition: Definition;
  readonly tail: IndexTail;
}

class IndexBuild {
  readonly #parts: BuildParts;
  readonly #wish: BuildWish;
  readonly #writer: IndexWriter;
  readonly #labels = new LabelTable();
  /** The fields that have a source: read for every sample, so that what lacks one is found now. */
  readonly #named: ScanWish;
  #bytes = 0;

  constructor(parts: BuildParts, wish: BuildWish, writer: IndexWriter) {
    this.#parts = parts;
    this.#wish = wish;
    this.#writer = writer;
    const { key, label, group, time } = wish.fields;
    this.#named = {
      key: key !== undefined,
      label: label !== undefined,
      group: group !== undefined,
      time: time !== undefined,
    };
  }

  async files(): Promise<Indexed> {
    const { objects, dataset } = this.#parts;
    const definition = this.#definition(FILES_READER.version, {});
    assertNoColumns(definition);
    const files = chosenFiles(objects, dataset, { ...FILES_READER, paths: definition.paths });
    for await (const batch of scanFiles(files, this.#named, definition)) {
      for (const { path, label } of batch) {
        this.#writer.addPath(path, this.#labelNumber(label));
      }
      this.#report();
    }
    if (this.#writer.count === 0) throw noSamples(definition, []);
    return { definition, tail: { labels: this.#labelList(), sources: [] } };
  }

  async rows(reader: SampleReader): Promise<Indexed> {
    const { objects, dataset } = this.#parts;
    const files: DatasetFile[] = [];
    for await (const file of chosenFiles(objects, dataset, {
      paths: this.#wish.paths,
      claims: reader.claims,
    })) {
      if (files.push(file) > MOST_FILES) throw tooManyFiles(reader.name);
    }
    const byPath = new Map(files.map((file) => [file.path, file]));
    const groups = reader.group(sourceOf(objects, files).files);
    const [first] = groups;
    if (first === undefined) {
      throw await noFiles(objects, { dataset, reader, definition: this.#definition(reader.version, {}) });
    }
    const own = this.#wish.own ?? (await reader.settle(this.#wish.asked ?? {}, first));
    const definition = this.#definition(reader.version, own);
    const sources: SourcePlace[] = [];
    let model: { readonly path: string; readonly columns: readonly string[] } | undefined;
    for (const group of groups) {
      sources.push({
        files: group.files.flatMap(({ path }) => byPath.get(path) ?? []),
        first: this.#writer.count,
      });
      const open = await reader.open(group, own);
      const scan = new RowScan(this.#named, definition.fields);
      const hasFields = Object.values(this.#named).includes(true);
      const path = group.files[0]?.path ?? '';
      for await (const batch of open.scan(scan.wanted)) {
        for (let i = 0; i < batch.length; i++) {
          const { at, length } = batch.place(i);
          const sample = hasFields ? scan.sample(batch, i, this.#writer.count, path) : undefined;
          this.#writer.addRow(at, length, this.#labelNumber(sample?.label));
        }
        this.#report();
      }
      const { columns } = open;
      const isEmpty = this.#writer.count === sources.at(-1)?.first;
      if (!isEmpty && columns !== undefined) model = assertSameColumns({ path, columns }, model);
      this.#bytes += group.files.reduce((sum, { bytes }) => sum + bytes.size, 0);
    }
    if (this.#writer.count === 0) throw noSamples(definition, [...byPath.keys()]);
    return { definition, tail: { labels: this.#labelList(), sources } };
  }

  #definition(version: number, own: Definition['own']): Definition {
    const { reader, paths, fields } = this.#wish;
    return { reader, version, paths, fields, own };
  }

  #labelNumber(label: string | undefined): number {
    return this.#named.label === true ? this.#labels.numberOf(label ?? '') : 0;
  }

  #labelList(): string[] | undefined {
    return this.#named.label === true ? this.#labels.labels : undefined;
  }

  #report(): void {
    this.#parts.progress({
      phase: 'indexing',
      bytes: this.#bytes,
      items: this.#writer.count,
      unit: 'sample',
    });
  }
}

/** Refuses (E_USAGE) columns of whole files, which have none. */
function assertNoColumns({ fields }: Definition): void {
  for (const [field, source] of Object.entries(fields)) {
    if (source?.from !== 'column') continue;
    throw new DvsError('E_USAGE', `whole files have no column ${source.name}, so --${field} cannot be one`, {
      hint: `Write \`--${field} parent\` for the folder, or \`--${field} 'path:<expression>'\`.`,
    });
  }
}

function tooManyFiles(reader: string): DvsError {
  return new DvsError(
    'E_LIMIT',
    `more than ${MOST_FILES} files are more than the reader ${reader} goes through`,
    {
      hint: 'Put rows into fewer files, or take whole files as samples: `--reader files`.',
    },
  );
}

interface Columns {
  readonly path: string;
  readonly columns: readonly string[];
}

/** Refuses (E_DATA) a file whose columns are not those of the files before: its rows mean something else. */
function assertSameColumns(own: Columns, model: Columns | undefined): Columns {
  if (model === undefined || JSON.stringify(own.columns) === JSON.stringify(model.columns))
    return model ?? own;
  throw badData(own.path, `it has ${listed(own)}, but ${model.path} has ${listed(model)}`, {
    hint: 'Give all files the same columns in the same order, or choose some of them: `-- <pattern>`.',
  });
}

function listed({ columns }: Columns): string {
  if (columns.length === 0) return 'no columns';
  return `the columns ${columns.slice(0, 8).join(', ')}${columns.length > 8 ? ' …' : ''}`;
}
