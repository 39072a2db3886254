import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { isDvsError } from '#src/base/errors.js';
import type { FileBytes } from '#src/formats/file-bytes.js';
import type { ExtractedFile, InputFile, OpenSource, Place, SampleReader } from '#src/ops/samples/reader.js';

/** A file in memory that counts what is read of it. */
export class MemoryFile implements FileBytes {
  readonly #bytes: Uint8Array;
  readonly #piece: number;
  /** How many bytes were read. */
  read = 0;

  constructor(bytes: Uint8Array, piece = 1000) {
    this.#bytes = bytes;
    this.#piece = piece;
  }

  get size(): number {
    return this.#bytes.length;
  }

  async *stream(): AsyncGenerator<Uint8Array, void, undefined> {
    for (let at = 0; at < this.size; at += this.#piece) yield this.range(at, this.#piece);
  }

  async range(offset: number, length: number): Promise<Uint8Array> {
    const bytes = this.#bytes.slice(offset, offset + length);
    this.read += bytes.length;
    return bytes;
  }
}

/** What a tool says that a fixture holds. */
export interface Facts {
  readonly count: number;
  readonly sha256: readonly string[];
  readonly columns: Readonly<Record<string, readonly (string | null)[]>>;
  readonly names?: readonly string[];
}

const FOLDER = new URL('../../../fixtures/samples/', import.meta.url);

export function fixture(name: string): Buffer {
  return readFileSync(new URL(name, FOLDER));
}

export function facts(name: string): Facts {
  const all: Record<string, Facts> = JSON.parse(fixture('arrays.json').toString());
  const found = all[name];
  if (found === undefined) throw new Error(`no facts about ${name}`);
  return found;
}

export function input(path: string, bytes: Uint8Array): InputFile {
  return { path, bytes: new MemoryFile(bytes) };
}

/** Opens a source of these files. */
export function opened(reader: SampleReader, ...files: readonly InputFile[]): Promise<OpenSource> {
  return reader.open({ files }, {});
}

/** A sample with all that a scan tells of it. */
export interface Seen {
  readonly place: Place;
  readonly bytes: Buffer;
  readonly name: string | undefined;
  readonly fields: readonly (string | undefined)[];
}

export async function all(source: OpenSource, columns: readonly string[] = []): Promise<Seen[]> {
  const seen: Seen[] = [];
  for await (const batch of source.scan({ bytes: true, columns })) {
    for (let i = 0; i < batch.length; i++) {
      seen.push({
        place: batch.place(i),
        bytes: Buffer.from(batch.bytes(i)),
        name: batch.name?.(i),
        fields: columns.map((_, column) => batch.field(i, column)),
      });
    }
  }
  return seen;
}

/** The places alone, as an index is made. */
export async function places(source: OpenSource): Promise<Place[]> {
  const found: Place[] = [];
  for await (const batch of source.scan({ bytes: false, columns: [] })) {
    for (let i = 0; i < batch.length; i++) found.push(batch.place(i));
  }
  return found;
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Holds a source against what a tool says of it, by scan and by reading each sample alone. */
export async function expectFacts(source: OpenSource, name: string): Promise<void> {
  const { count, sha256: hashes, columns, names } = facts(name);
  const seen = await all(source, Object.keys(columns));
  expect(seen.map(({ bytes }) => sha256(bytes))).toEqual(hashes);
  for (const [c, values] of Object.values(columns).entries()) {
    expect(seen.map(({ fields }) => fields[c])).toEqual(values.map((value) => value ?? undefined));
  }
  expect(seen.map(({ name }) => name)).toEqual(names ?? new Array(count).fill(undefined));
  for (const { place, bytes } of seen) expect(Buffer.from(await source.read(place)).equals(bytes)).toBe(true);
  expect(await places(source)).toEqual(seen.map(({ place }) => place));
}

export async function joined(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const piece of pieces) parts.push(piece);
  return Buffer.concat(parts);
}

/** Some samples taken out, as files that can be read again. */
export async function extracted(source: OpenSource, chosen: readonly number[]): Promise<InputFile[]> {
  const found = await places(source);
  const picked = chosen.flatMap((i) => found[i] ?? []);
  const files: readonly ExtractedFile[] = source.extract({ count: picked.length, places: () => picked });
  return Promise.all(files.map(async ({ path, bytes }) => input(path, await joined(bytes))));
}

/** 'fine', or 'E_DATA' where the files cannot be read; any other failure is thrown. */
export async function outcome(
  reader: SampleReader,
  files: readonly InputFile[],
  columns: readonly string[] = [],
): Promise<'fine' | 'E_DATA'> {
  try {
    await all(await opened(reader, ...files), columns);
    return 'fine';
  } catch (error) {
    if (isDvsError(error, 'E_DATA')) return 'E_DATA';
    throw error;
  }
}
