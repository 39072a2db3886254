import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Progress } from '../../base/progress.js';
import type { DatasetEntry } from '../../entities/dataset.js';
import { cidOf, digestOf, RAW } from '../../id/cid.js';
import type { Digest } from '../../id/hash.js';
import type { FinishedPack } from '../../store/pack/writer.js';
import type { StoreWriter } from '../../store/writer.js';
import { SLOT_DATA } from '../../workers/slots.js';
import type { ReadFile } from '../../workspace/cache/fill.js';
import type { FileStat } from '../../workspace/file-stat.js';
import { isSettled } from '../../workspace/fresh.js';
import { ContentStore, type KeepPacks } from './contents.js';
import { IngestEngine } from './engine.js';
import type { Filling } from './filling.js';
import { hashHere, LittleWork } from './hash-here.js';
import { ingestLarge } from './large.js';
import { assertNone, type PathProblem } from './problems.js';
import { batched, grouped, type Passed, type SourceFile, type Unread } from './sources.js';
import type { ReadProblem, SmallContent, SmallFile } from './tasks.js';

/** What a source turned out to be, in the order of the sources. */
export interface Ingested {
  readonly path: string;
  readonly entry: DatasetEntry;
  /** What the file was when it was read; undefined for a link. */
  readonly stat: FileStat | undefined;
}

export interface IngestOptions {
  readonly workers: number;
  readonly progress: Progress;
  /** Where new contents are stored; without it files are only hashed. */
  readonly writer?: StoreWriter;
  /** Given full packs of long work now and then. */
  readonly keep?: KeepPacks;
  /** Count what is new, and store nothing. */
  readonly measure?: boolean;
  /** Asked once, before anything is read: how to put what is read into the cache, if it can be cloned. */
  readonly filling?: (() => Filling | undefined) | undefined;
}

/** Groups under way at once, enough to keep all slots busy. */
const GROUPS = 16;

/** Reads files with all cores, in memory that does not depend on their number or size. Close it after use. */
export class Ingest {
  readonly #options: IngestOptions;
  #engine: IngestEngine | undefined;
  #ending: Promise<void> | undefined;
  /** The first failure of a group. */
  #failure: { readonly error: unknown } | undefined;
  #contents: ContentStore | undefined;
  readonly #problems: PathProblem[] = [];
  readonly #little = new LittleWork();
  #files = 0;
  #bytes = 0;
  #cachedBytes = 0;
  #filling: Filling | undefined;
  #expected: { items: number; bytes: number } | undefined;

  constructor(options: IngestOptions) {
    this.#options = options;
  }

  /** Bytes that were new to the store, before compression. */
  get newBytes(): number {
    return this.#contents?.novelty.newBytes ?? 0;
  }

  /** Bytes that were put into the cache. */
  get cachedBytes(): number {
    return this.#cachedBytes;
  }

  /** Bytes of the files that were read so far. */
  get readBytes(): number {
    return this.#bytes;
  }

  /** Starts the threads, for `run` that is about to read something: else it waits for them. */
  warmUp(): void {
    this.#start();
  }

  /** Says how much more `run` will be given, so that progress can tell how far it is. */
  expect({ items, bytes }: { readonly items: number; readonly bytes: number }): void {
    const before = this.#expected ?? { items: this.#files, bytes: this.#bytes };
    this.#expected = { items: before.items + items, bytes: before.bytes + bytes };
  }

  /** Takes in `sources` and yields what they are, in the same order. */
  run(sources: Iterable<SourceFile>): AsyncGenerator<Ingested>;
  run<T>(sources: Iterable<SourceFile | Passed<T>>): AsyncGenerator<Ingested | Passed<T>>;
  async *run<T>(sources: Iterable<SourceFile | Passed<T>>): AsyncGenerator<Ingested | Passed<T>> {
    this.#assertWhole();
    this.#problems.length = 0;
    const under: Promise<(Ingested | Passed<T>)[]>[] = [];
    try {
      for (const group of grouped(sources)) {
        const ingested = this.#group(group);
        ingested.catch((error) => {
          this.#failure ??= { error }; // awaited in its turn; until then it must not count as unhandled
        });
        under.push(ingested);
        if (under.length >= GROUPS) yield* (await under.shift()) ?? [];
        await nextTurn(); // a signal must not have to wait for the last
      }
      for (let next = under.shift(); next !== undefined; next = under.shift()) yield* await next;
    } finally {
      await Promise.allSettled(under);
    }
    assertNone(this.#problems);
  }

  /** Completes the packs of all workers; nothing more can be read. The threads end while others go on. */
  async finish(): Promise<FinishedPack[]> {
    this.#assertWhole();
    const packs = (await this.#engine?.finish()) ?? [];
    this.#ending = this.#engine?.close();
    this.#ending?.catch(() => {}); // awaited by close(); until then it must not count as unhandled
    return packs;
  }

  async close(): Promise<void> {
    await (this.#ending ?? this.#engine?.close());
    this.#engine = undefined;
    this.#ending = undefined;
  }

  /** What failed was claimed and not stored: nothing may be committed, whoever gave up waiting for it. */
  #assertWhole(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  async #group<T>(sources: readonly (SourceFile | Passed<T>)[]): Promise<(Ingested | Passed<T>)[]> {
    const results = new Array<Ingested | Passed<T> | undefined>(sources.length);
    const unread: Unread[] = [];
    const known = await this.#usable(sources);
    for (const [index, source] of sources.entries()) {
      this.#files += source.type === 'passed' ? source.files : 1;
      if (source.type === 'passed') {
        results[index] = source;
      } else if (source.type === 'link') {
        results[index] = {
          path: source.path,
          entry: { type: 'link', target: source.target },
          stat: undefined,
        };
      } else if (known.has(source) && source.known !== undefined) {
        results[index] = fileResult(source.path, source.known, source.stat);
      } else {
        unread.push({ index, path: source.path, file: { path: source.absolute, room: source.stat.size } });
      }
    }
    for (const batch of batched(unread)) {
      const [first] = batch;
      if (first !== undefined && first.file.room > SLOT_DATA) {
        results[first.index] = await this.#large(first.path, first.file.path);
      } else {
        await this.#small(batch, results);
      }
    }
    await this.#cache(unread, results);
    this.#report();
    return results.filter((result) => result !== undefined);
  }

  async #cache<T>(
    unread: readonly Unread[],
    results: readonly (Ingested | Passed<T> | undefined)[],
  ): Promise<void> {
    if (this.#filling === undefined || this.#cachedBytes >= this.#filling.limit) return;
    const { cache, least, now, readAtNs } = this.#filling;
    const files = unread.flatMap(({ index, file: { path } }): ReadFile[] => {
      const result = results[index];
      if (result === undefined || 'item' in result || result.entry.type !== 'file') return [];
      const { entry, stat } = result;
      if (stat === undefined || stat.size < least || !isSettled(stat, readAtNs)) return [];
      return [{ path, stat, size: stat.size, digest: digestOf(entry.id) }];
    });
    if (files.length > 0)
      this.#cachedBytes += await this.#start().engine.pool.run('cache', { cache, files, now });
  }

  /**
   * The files that need no reading: what they are is known, and when they are to be stored, the store has it.
   * A digest alone is no proof of that: `status` finds out digests, too.
   */
  async #usable<T>(sources: readonly (SourceFile | Passed<T>)[]): Promise<Set<SourceFile | Passed<T>>> {
    const known = sources.flatMap((source) =>
      source.type === 'file' && source.known !== undefined ? [{ source, digest: source.known }] : [],
    );
    const stored = await this.#options.writer?.hasContents(known.map(({ digest }) => digest));
    return new Set(known.filter((_, i) => stored?.[i] !== false).map(({ source }) => source));
  }

  async #small<T>(unread: readonly Unread[], results: (Ingested | Passed<T> | undefined)[]): Promise<void> {
    const files = unread.map(({ file }) => file);
    const isHere = !this.#options.writer && !this.#engine && this.#little.includes(files);
    const read = isHere ? files.map(hashHere) : await this.#readByThreads(files);
    const grown: Unread[] = [];
    for (const [i, item] of unread.entries()) {
      const content = read[i];
      if (content === undefined) continue;
      if (!('problem' in content)) {
        results[item.index] = fileResult(item.path, content.digest, content.stat);
        this.#bytes += content.stat.size;
      } else if (content.problem === 'grown') grown.push(item);
      else this.#problems.push({ path: item.path, problem: content.problem });
    }
    for (const { index, path, file } of grown) results[index] = await this.#large(path, file.path);
  }

  async #readByThreads(files: readonly SmallFile[]): Promise<(SmallContent | ReadProblem)[]> {
    const { engine, contents } = this.#start();
    const slot = await engine.slots.acquire();
    try {
      const read = await engine.pool.run('small', { at: slot.dataAt, files });
      await contents?.addSmall(read.filter((content): content is SmallContent => !('problem' in content)));
      return read;
    } finally {
      engine.slots.release(slot);
    }
  }

  async #large(path: string, absolute: string): Promise<Ingested | undefined> {
    const { engine, contents } = this.#start();
    const content = await ingestLarge(engine, contents, absolute, (bytes) => {
      this.#bytes += bytes;
      this.#report();
    });
    if (!('problem' in content)) return fileResult(path, content.digest, content.stat);
    this.#problems.push({ path, problem: content.problem });
    return undefined;
  }

  /** The threads start when there is something to read at the latest: an unchanged folder never needs them. */
  #start(): { engine: IngestEngine; contents: ContentStore | undefined } {
    const { workers, writer, measure = false, keep } = this.#options;
    if (this.#engine === undefined) {
      this.#filling = this.#options.filling?.();
      this.#engine = new IngestEngine(workers, measure ? undefined : writer?.folder);
      if (writer !== undefined) this.#contents = new ContentStore(writer, this.#engine, { measure, keep });
    }
    return { engine: this.#engine, contents: this.#contents };
  }

  #report(): void {
    const totals = this.#expected && { totalBytes: this.#expected.bytes, totalItems: this.#expected.items };
    this.#options.progress({ phase: 'reading', bytes: this.#bytes, items: this.#files, ...totals });
  }
}

function fileResult(path: string, digest: Digest, stat: FileStat): Ingested {
  return { path, entry: { type: 'file', id: cidOf(RAW, digest), size: stat.size }, stat };
}
