import { compareUtf8 } from '../../base/bytes.js';
import { DvsError, type ErrorCode } from '../../base/errors.js';
import type { Progress } from '../../base/progress.js';
import type { DatasetEntry } from '../../entities/dataset.js';
import { cidOf, RAW } from '../../id/cid.js';
import type { Digest } from '../../id/hash.js';
import type { FinishedPack } from '../../store/pack/writer.js';
import type { StoreWriter } from '../../store/writer.js';
import { Slotfuls } from '../../workers/slotfuls.js';
import { SLOT_DATA } from '../../workers/slots.js';
import type { FileStat } from '../../workspace/file-stat.js';
import { ContentStore, type KeepPacks } from './contents.js';
import { IngestEngine } from './engine.js';
import { ingestLarge } from './large.js';
import type { ReadProblem, SmallContent, SmallFile } from './tasks.js';

/** A file or link to take in. `known` is its digest when it is certain that it did not change since. */
export type SourceFile = {
  /** Its path in the dataset. */
  readonly path: string;
} & (
  | { readonly type: 'link'; readonly target: string }
  | {
      readonly type: 'file';
      readonly absolute: string;
      readonly stat: FileStat;
      readonly known: Digest | undefined;
    }
);

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
}

/** A file that has to be read, and where among its group its result goes. */
interface Unread {
  readonly index: number;
  readonly path: string;
  readonly file: SmallFile;
}

/** A group closes when it has this much to read (one slot) or this many files. */
const GROUP_FILES = 512;
/** Groups under way at once, enough to keep all slots busy. */
const GROUPS = 16;
/** Names that an error lists. */
const LISTED = 20;

/** Reads files with all cores, in memory that does not depend on their number or size. Close it after use. */
export class Ingest {
  readonly #options: IngestOptions;
  #engine: IngestEngine | undefined;
  #contents: ContentStore | undefined;
  readonly #problems: { path: string; problem: ReadProblem['problem'] }[] = [];
  #files = 0;
  #bytes = 0;
  #expected: { items: number; bytes: number } | undefined;

  constructor(options: IngestOptions) {
    this.#options = options;
  }

  /** Bytes that were new to the store, before compression. */
  get newBytes(): number {
    return this.#contents?.novelty.newBytes ?? 0;
  }

  /** Says how much more `run` will be given, so that progress can tell how far it is. */
  expect({ items, bytes }: { readonly items: number; readonly bytes: number }): void {
    const before = this.#expected ?? { items: this.#files, bytes: this.#bytes };
    this.#expected = { items: before.items + items, bytes: before.bytes + bytes };
  }

  /** Takes in `sources` and yields what they are, in the same order. */
  async *run(sources: Iterable<SourceFile>): AsyncGenerator<Ingested> {
    const under: Promise<Ingested[]>[] = [];
    try {
      for (const group of grouped(sources)) {
        const ingested = this.#group(group);
        ingested.catch(() => {}); // awaited in its turn; until then it must not count as unhandled
        under.push(ingested);
        if (under.length >= GROUPS) yield* (await under.shift()) ?? [];
      }
      for (let next = under.shift(); next !== undefined; next = under.shift()) yield* await next;
    } finally {
      await Promise.allSettled(under);
    }
    this.#reportProblems();
  }

  /** Completes the packs of all workers. */
  async finish(): Promise<FinishedPack[]> {
    return (await this.#engine?.finish()) ?? [];
  }

  async close(): Promise<void> {
    await this.#engine?.close();
    this.#engine = undefined;
  }

  async #group(sources: readonly SourceFile[]): Promise<Ingested[]> {
    const results = new Array<Ingested | undefined>(sources.length);
    const unread: Unread[] = [];
    const known = await this.#usable(sources);
    for (const [index, source] of sources.entries()) {
      if (source.type === 'link') {
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
    this.#files += sources.length;
    this.#report();
    return results.filter((result) => result !== undefined);
  }

  /**
   * The files that need no reading: what they are is known, and when they are to be stored, the store has it.
   * A digest alone is no proof of that: `status` finds out digests, too.
   */
  async #usable(sources: readonly SourceFile[]): Promise<Set<SourceFile>> {
    const known = sources.flatMap((source) =>
      source.type === 'file' && source.known !== undefined ? [{ source, digest: source.known }] : [],
    );
    const stored = await this.#options.writer?.hasContents(known.map(({ digest }) => digest));
    return new Set(known.filter((_, i) => stored?.[i] !== false).map(({ source }) => source));
  }

  async #small(unread: readonly Unread[], results: (Ingested | undefined)[]): Promise<void> {
    const { engine, contents } = this.#start();
    const slot = await engine.slots.acquire();
    const grown: Unread[] = [];
    try {
      const read = await engine.pool.run('small', { at: slot.dataAt, files: unread.map(({ file }) => file) });
      const whole = read.filter((content): content is SmallContent => !('problem' in content));
      await contents?.addSmall(whole);
      for (const [i, item] of unread.entries()) {
        const content = read[i];
        if (content === undefined) continue;
        if (!('problem' in content)) {
          results[item.index] = fileResult(item.path, content.digest, content.stat);
          this.#bytes += content.length;
        } else if (content.problem === 'grown') grown.push(item);
        else this.#problems.push({ path: item.path, problem: content.problem });
      }
    } finally {
      engine.slots.release(slot);
    }
    for (const { index, path, file } of grown) results[index] = await this.#large(path, file.path);
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

  /** The threads start when there is something to read: an unchanged folder never needs them. */
  #start(): { engine: IngestEngine; contents: ContentStore | undefined } {
    const { workers, writer, measure = false, keep } = this.#options;
    if (this.#engine === undefined) {
      this.#engine = new IngestEngine(workers, measure ? undefined : writer?.folder);
      if (writer !== undefined) this.#contents = new ContentStore(writer, this.#engine, { measure, keep });
    }
    return { engine: this.#engine, contents: this.#contents };
  }

  #report(): void {
    const totals = this.#expected && { totalBytes: this.#expected.bytes, totalItems: this.#expected.items };
    this.#options.progress({ phase: 'reading', bytes: this.#bytes, items: this.#files, ...totals });
  }

  #reportProblems(): void {
    const problems = this.#problems.toSorted((a, b) => compareUtf8(a.path, b.path));
    const [first] = problems;
    if (first === undefined) return;
    const same = problems.filter(({ problem }) => problem === first.problem).map(({ path }) => path);
    const { code, what, hint } = PROBLEMS[first.problem];
    const more = same.length > LISTED ? ` and ${same.length - LISTED} more` : '';
    throw new DvsError(code, `${same.slice(0, LISTED).join(', ')}${more}: ${what}`, { about: same, hint });
  }
}

const PROBLEMS: Record<ReadProblem['problem'], { code: ErrorCode; what: string; hint: string }> = {
  changing: {
    code: 'E_CHANGED',
    what: 'kept changing while being read',
    hint: 'Stop what writes there, then try again.',
  },
  grown: {
    code: 'E_CHANGED',
    what: 'grew while being read',
    hint: 'Stop what writes there, then try again.',
  },
  gone: {
    code: 'E_CHANGED',
    what: 'disappeared while the folder was read',
    hint: 'Run the same command again.',
  },
  type: {
    code: 'E_TYPE',
    what: 'not a regular file',
    hint: 'Only files and links can be versioned; move it away.',
  },
  access: { code: 'E_ACCESS', what: 'not readable', hint: 'Check the permissions of these files.' },
};

function fileResult(path: string, digest: Digest, stat: FileStat): Ingested {
  return { path, entry: { type: 'file', id: cidOf(RAW, digest), size: stat.size }, stat };
}

/** Cuts the sources into groups: one slot full of small files, or one large file, with what needs no reading. */
function* grouped(sources: Iterable<SourceFile>): Generator<SourceFile[]> {
  const groups = new Slotfuls<SourceFile>(GROUP_FILES);
  for (const source of sources) {
    yield* groups.add(source, source.type === 'file' && source.known === undefined ? source.stat.size : 0);
  }
  yield* groups.end();
}

/** The same for what turned out to need reading. */
function* batched(unread: readonly Unread[]): Generator<Unread[]> {
  const batches = new Slotfuls<Unread>(GROUP_FILES);
  for (const item of unread) yield* batches.add(item, item.file.room);
  yield* batches.end();
}
