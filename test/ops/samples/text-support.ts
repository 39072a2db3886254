import { readFileSync } from 'node:fs';
import type {
  ExtractedFile,
  InputFile,
  OpenSource,
  Place,
  ReaderOptions,
  SampleReader,
  Selection,
} from '#src/ops/samples/reader.js';

/** What a file is tried with. */
export interface Contents {
  readonly path: string;
  readonly bytes: Uint8Array | string;
  /** The size of the pieces that it comes in; as a whole when there is none. */
  readonly piece?: number | undefined;
}

/** A file in memory that remembers what was read of it. */
export interface MemoryFile extends InputFile {
  readonly ranges: { readonly offset: number; readonly length: number }[];
  streams: number;
}

export function memoryFile({ path, bytes, piece = Number.POSITIVE_INFINITY }: Contents): MemoryFile {
  const all = Buffer.from(bytes);
  const step = Math.min(piece, Math.max(1, all.length));
  const file: MemoryFile = {
    path,
    ranges: [],
    streams: 0,
    bytes: {
      size: all.length,
      async *stream() {
        file.streams++;
        // Each piece is overwritten when the next one is asked for, as memory that is used again would be.
        const own = Buffer.alloc(step);
        for (let at = 0; at < all.length; at += step) {
          own.fill(0x3f);
          yield own.subarray(0, all.copy(own, 0, at, at + step));
        }
      },
      async range(offset, length) {
        file.ranges.push({ offset, length });
        return new Uint8Array(all.subarray(offset, offset + length));
      },
    },
  };
  return file;
}

export interface Sample {
  readonly text: string;
  readonly place: Place;
  readonly fields: readonly (string | undefined)[];
}

export async function openText(
  reader: SampleReader,
  file: InputFile,
  asked: ReaderOptions = {},
): Promise<OpenSource> {
  const [source] = reader.group([file]);
  if (source === undefined) throw new Error('no source');
  return reader.open(source, await reader.settle(asked, source));
}

/** All samples of a source, and what they have in these columns. */
export async function scanAll(source: OpenSource, columns: readonly string[] = []): Promise<Sample[]> {
  const samples: Sample[] = [];
  for await (const batch of source.scan({ bytes: true, columns })) {
    for (let i = 0; i < batch.length; i++) {
      samples.push({
        text: Buffer.from(batch.bytes(i)).toString('latin1'),
        place: batch.place(i),
        fields: columns.map((_, column) => batch.field(i, column)),
      });
    }
  }
  return samples;
}

/** What `scanAll` gives of a file; texts are bytes as characters. */
export async function samplesOf(
  reader: SampleReader,
  contents: Contents,
  { columns = [], ...asked }: ReaderOptions & { readonly columns?: readonly string[] } = {},
): Promise<Sample[]> {
  return scanAll(await openText(reader, memoryFile(contents), asked), columns);
}

/** How many samples there are when nothing else is wanted. */
export async function count(source: OpenSource): Promise<number> {
  let sum = 0;
  for await (const { length } of source.scan({ bytes: false, columns: [] })) sum += length;
  return sum;
}

/** What the samples at these places are as a file. */
export async function extracted(source: OpenSource, places: readonly Place[]): Promise<Buffer> {
  const selection: Selection = { count: places.length, places: () => places };
  const [file, ...more] = source.extract(selection);
  if (file === undefined || more.length > 0) throw new Error('not one file');
  return joined(file);
}

async function joined(file: ExtractedFile): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of file.bytes) pieces.push(piece);
  return Buffer.concat(pieces);
}

export function fixture(name: string): Buffer {
  return readFileSync(fixturePath(name));
}

export function fixturePath(name: string): URL {
  return new URL(`../../../fixtures/samples/${name}`, import.meta.url);
}
