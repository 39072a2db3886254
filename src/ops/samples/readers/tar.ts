import { compareUtf8, concatBytes, utf8 } from '../../../base/bytes.js';
import { KiB, MiB } from '../../../base/limits.js';
import { badData } from '../../../formats/bad-data.js';
import { stretch } from '../../../formats/byte-reader.js';
import { extensionOf } from '../../../formats/extension.js';
import type { Columns } from '../../../formats/json-cells.js';
import { named } from '../../../formats/naming.js';
import { ReadAhead } from '../../../formats/read-ahead.js';
import { TAR_BLOCK } from '../../../formats/tar-head.js';
import { Unreadable } from '../../../formats/unreadable.js';
import {
  type Batch,
  type ExtractedFile,
  type InputFile,
  type OpenSource,
  oneByOne,
  type Place,
  type SampleReader,
  type Selection,
  type Wanted,
} from '../reader.js';
import { checkNoOptions } from './no-options.js';
import { MAX_SAMPLE } from './stored-array.js';
import { leftOf, type TarColumn, tarColumn } from './tar-fields.js';
import { samplesAt, samplesOf, type TarSample } from './tar-samples.js';

/**
 * Tars as webdataset writes them: files that follow one another and have the same path up to the first dot after the last slash
 * are one sample. Its bytes are those of its files, in byte order of their extensions, each after its extension, a NUL,
 * its size in decimal and a NUL.
 */
export const tarReader: SampleReader = {
  name: 'tar',
  version: 1,
  claims: (path) => extensionOf(path) === 'tar',
  group: oneByOne,
  settle: async () => ({}),
  async open({ files }, options) {
    checkNoOptions('tar', options);
    const [file] = files;
    if (file === undefined) throw new RangeError('a source has a file');
    return new TarSource(file);
  },
};

const BATCH_BYTES = MiB;
const BATCH_SAMPLES = 4096;
const PIECE = 256 * KiB;
const END = new Uint8Array(2 * TAR_BLOCK);

/** What a scan gives of a sample. */
interface Row {
  readonly base: string;
  readonly place: Place;
  readonly bytes: Uint8Array | undefined;
  readonly fields: readonly (string | undefined)[];
}

/** A place is where the first header of a sample begins, and the bytes up to the end of its last member. */
class TarSource implements OpenSource {
  readonly columns = undefined;
  readonly #file: InputFile;

  constructor(file: InputFile) {
    this.#file = file;
  }

  async *scan(wanted: Wanted): AsyncGenerator<Batch, void, undefined> {
    const { path, bytes: file } = this.#file;
    // Headers run ahead of what they say: a sample ends where the next one begins.
    const source = new ReadAhead(file);
    const headers = new ReadAhead(file);
    const columns = wanted.columns.map(tarColumn);
    let rows: Row[] = [];
    let size = 0;
    for await (const sample of samplesOf(path, file, headers)) {
      const row = await this.#row(source, sample, wanted, columns);
      rows.push(row);
      const { bytes, fields } = row;
      size += (bytes?.length ?? 0) + fields.reduce((sum, text) => sum + (text?.length ?? 0), 0);
      if (rows.length >= BATCH_SAMPLES || size >= BATCH_BYTES) {
        yield batchOf(rows);
        rows = [];
        size = 0;
      }
    }
    if (rows.length > 0) yield batchOf(rows);
  }

  async read(place: Place): Promise<Uint8Array> {
    return (await this.at(place, { bytes: true, columns: [] })).bytes(0);
  }

  async at(place: Place, wanted: Wanted): Promise<Batch> {
    const { path } = this.#file;
    const source = await this.#whole(place);
    const columns = wanted.columns.map(tarColumn);
    for await (const sample of samplesAt(path, source, place)) {
      return batchOf([await this.#row(source, sample, wanted, columns)]);
    }
    throw badData(path, 'no sample begins here', { place: `byte ${place.at}` });
  }

  /** A tar of just this sample. */
  async print(place: Place): Promise<Uint8Array> {
    const source = await this.#whole(place);
    return concatBytes([await source.read(place.at, place.length), END]);
  }

  extract(selection: Selection): readonly ExtractedFile[] {
    return [{ path: this.#file.path, bytes: this.#chosen(selection) }];
  }

  async *#chosen(selection: Selection): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const { at, length } of together(selection.places())) {
      let done = 0;
      for await (const piece of stretch(this.#file.bytes, at, length, PIECE)) {
        done += piece.length;
        yield piece;
      }
      if (done < length) throw badData(this.#file.path, 'it breaks off', { place: `byte ${at + done}` });
    }
    yield END;
  }

  /** The bytes at a place, in memory. */
  async #whole({ at, length }: Place): Promise<ReadAhead> {
    const { path, bytes } = this.#file;
    const place = `byte ${at}`;
    if (length > MAX_SAMPLE) throw badData(path, tooLarge(length), { place });
    const whole = await bytes.range(at, length);
    if (whole.length < length) throw badData(path, 'it breaks off', { place });
    return new ReadAhead({
      async *stream() {
        yield whole;
      },
      range: async (from, count) => whole.subarray(from - at, from - at + count),
    });
  }

  async #bytes(
    source: ReadAhead,
    { base, place, members }: TarSample,
    without: Columns | undefined,
  ): Promise<Uint8Array> {
    if (place.length > MAX_SAMPLE)
      throw badData(this.#file.path, tooLarge(place.length), { place: `sample ${base}` });
    const whole = await source.read(place.at, place.length);
    if (whole.length < place.length)
      throw badData(this.#file.path, 'it breaks off', { place: `sample ${base}` });
    const sorted = [...members].toSorted(([a], [b]) => compareUtf8(a, b));
    return concatBytes(
      sorted.flatMap(([extension, { dataAt, size }]) => {
        const start = dataAt - place.at;
        const bytes = leftOf(extension, whole.subarray(start, start + size), without);
        return bytes === undefined ? [] : [utf8(`${extension}\0${bytes.length}\0`), bytes];
      }),
    );
  }

  async #row(
    source: ReadAhead,
    sample: TarSample,
    wanted: Wanted,
    columns: readonly TarColumn[],
  ): Promise<Row> {
    // Before the fields, which then lie in what was read for this.
    const bytes = wanted.bytes ? await this.#bytes(source, sample, wanted.without) : undefined;
    const fields: (string | undefined)[] = [];
    for (const column of columns) fields.push(await this.#field(source, sample, column));
    return { base: sample.base, place: sample.place, bytes, fields };
  }

  async #field(
    source: ReadAhead,
    { base, members }: TarSample,
    { extension, maxBytes, text }: TarColumn,
  ): Promise<string | undefined> {
    const { path } = this.#file;
    const member = members.get(extension);
    if (member === undefined)
      throw badData(path, `it has no file .${extension}`, { place: `sample ${base}` });
    try {
      if (member.size > maxBytes)
        throw new Unreadable(`it has ${member.size} bytes; no more than ${maxBytes} are text`);
      const bytes = await source.read(member.dataAt, member.size);
      if (bytes.length < member.size) throw new Unreadable('it breaks off');
      return text(bytes);
    } catch (error) {
      throw named(path, `sample ${base}, file .${extension}`, error);
    }
  }
}

function batchOf(rows: readonly Row[]): Batch {
  const row = (i: number): Row => rows[i] ?? unasked();
  return {
    length: rows.length,
    place: (i) => row(i).place,
    bytes: (i) => row(i).bytes ?? unasked(),
    name: (i) => row(i).base,
    field: (i, column) => row(i).fields[column],
  };
}

/** Places that follow one another as one. */
async function* together(
  places: Iterable<Place> | AsyncIterable<Place>,
): AsyncGenerator<Place, void, undefined> {
  let run: Place | undefined;
  for await (const { at, length } of places) {
    if (run !== undefined && run.at + run.length === at) run = { at: run.at, length: run.length + length };
    else {
      if (run !== undefined) yield run;
      run = { at, length };
    }
  }
  if (run !== undefined) yield run;
}

function tooLarge(length: number): string {
  return `its sample takes ${length} bytes; no more than ${MAX_SAMPLE} can be read`;
}

function unasked(): never {
  throw new RangeError('a batch was asked for what its scan was not told to give');
}
