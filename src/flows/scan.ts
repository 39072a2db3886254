import { lstatSync, mkdirSync } from 'node:fs';
import { compareUtf8 } from '../base/bytes.js';
import type { Clock } from '../base/clock.js';
import { ioError, isDvsError, systemCode } from '../base/errors.js';
import { type CID, cidOf, DAG_CBOR, digestOf } from '../id/cid.js';
import { DIGEST_LENGTH } from '../id/hash.js';
import type { Planned } from '../ops/checkout/planned.js';
import type { Restored } from '../ops/checkout/restore.js';
import type { Ingest, Ingested, SourceFile } from '../ops/ingest/ingest.js';
import { resolveInside } from '../workspace/contain.js';
import { type CrawledFile, crawl, crawlFile } from '../workspace/crawl.js';
import { fileSystemNow } from '../workspace/fresh.js';
import { StatCache } from '../workspace/stat-cache.js';
import { StatCacheWriter } from '../workspace/stat-writer.js';
import { unchangedDataset } from '../workspace/unchanged.js';
import type { Workspace } from '../workspace/workspace.js';
import type { Repository } from './repository.js';

/** A file or folder to be looked at: a tracked path, or (without `tracked`) any place. */
export interface Place {
  readonly type: 'folder' | 'file';
  readonly absolute: string;
  /** The workspace-relative path whose stat cache serves; undefined elsewhere. */
  readonly tracked: string | undefined;
}

/** Files that dvs writes are dated this far back, so that any later write shows, even within one clock tick. */
const DATED_BACK_NS = 3_000_000_000n;

/** No dataset has this digest. */
const NO_DATASET = new Uint8Array(DIGEST_LENGTH);

/** The place of a tracked path; E_SYMLINK when a link leads there. */
export async function placeOf({ workspace }: Repository, path: string, type: Place['type']): Promise<Place> {
  return { type, absolute: await resolveInside(workspace.root, path), tracked: path };
}

/** True when nothing lies at a place, not even a link that leads nowhere. */
export function isAbsent({ absolute }: Pick<Place, 'absolute'>): boolean {
  try {
    return lstatSync(absolute, { throwIfNoEntry: false }) === undefined;
  } catch (error) {
    if (systemCode(error) === 'ENOTDIR') return true;
    throw ioError(error, 'reading', absolute);
  }
}

/** One look at what is on disk, with the help of the stat cache, which it brings up to date when told so. */
export class Scan {
  readonly #workspace: Workspace;
  readonly #place: Place;
  /** Undefined where nothing can be written; then nothing is kept for the next look either. */
  readonly #readAtNs: bigint | undefined;
  readonly #clock: Clock;
  readonly #measure: boolean;
  readonly #workers: number;
  #writer: StatCacheWriter | undefined;

  constructor({ workspace, measure, workers, clock }: Repository, place: Place) {
    this.#workers = workers;
    this.#clock = clock;
    this.#measure = measure;
    this.#workspace = workspace;
    this.#place = place;
    this.#readAtNs = timeWhereWritable(workspace.tmpDir);
  }

  /** The modification time, in seconds, for files written on the ground of this scan. */
  get writtenTime(): number {
    const now = this.#readAtNs ?? BigInt(this.#clock()) * 1_000_000n;
    return Number((now - DATED_BACK_NS) / 1000n) / 1e6;
  }

  /** The dataset that the files were when last looked at, if none of them changed since. Reads no file. */
  async unchanged(): Promise<CID | undefined> {
    const cache = this.#cache();
    if (cache === undefined) return undefined;
    try {
      const dataset = await unchangedDataset(cache, this.#place, this.#workers);
      return dataset && cidOf(DAG_CBOR, dataset);
    } finally {
      cache.close();
    }
  }

  /** How much `run` will have to go through, found out from the stat cache and the file system alone. */
  totals(rehash = false): { items: number; bytes: number } {
    const cache = rehash ? undefined : this.#cache();
    const totals = { items: 0, bytes: 0 };
    for (const source of this.#sources(cache)) {
      totals.items++;
      if (source.type === 'file' && source.known === undefined) totals.bytes += source.stat.size;
    }
    cache?.close();
    return totals;
  }

  /** What every file and link is, in byte order; reads those that may have changed, or with `rehash` all. */
  async *run(ingest: Ingest, rehash = false): AsyncGenerator<Ingested> {
    const cache = rehash ? undefined : this.#cache();
    this.#writer = this.#newWriter(this.#place.type === 'folder' ? this.#place.absolute : undefined);
    try {
      if (this.#measure) ingest.expect(this.totals(rehash));
      const sources = this.#sources(cache, this.#writer);
      for await (const found of ingest.run(sources)) {
        this.#note(found);
        yield found;
      }
    } finally {
      cache?.close();
    }
  }

  /** Keeps what was found for the next look: it was this dataset, or one that nobody has named yet. */
  keep(dataset: CID | undefined): void {
    this.#writer?.finish(dataset === undefined ? NO_DATASET : digestOf(dataset));
    this.#writer = undefined;
  }

  /** Keeps what a checkout left: files that were right already and those just written, both in byte order. */
  async keepWritten(same: Iterable<Planned>, written: AsyncIterable<Restored>, dataset: CID): Promise<void> {
    this.discard();
    this.#writer = this.#newWriter();
    if (this.#writer === undefined) return;
    const unwritten = same[Symbol.iterator]();
    let next = unwritten.next();
    const noteUpTo = (path: string | undefined): void => {
      for (; next.done !== true; next = unwritten.next()) {
        if (path !== undefined && compareUtf8(next.value.path, path) > 0) return;
        const { entry, stat } = next.value;
        this.#note({ path: next.value.path, entry, stat: stat === 'anything' ? undefined : stat });
      }
    };
    for await (const { path, entry, stat } of written) {
      noteUpTo(path);
      if (entry.type === 'link') this.#writer.link(path, entry.target);
      else if (stat !== undefined) this.#writer.written(path, stat, digestOf(entry.id));
    }
    noteUpTo(undefined);
    this.keep(dataset);
  }

  /** Forgets what was found; the last stat cache stays. */
  discard(): void {
    this.#writer?.discard();
    this.#writer = undefined;
  }

  /** `root`: the folder, when all of it is gone through. */
  #newWriter(root?: string): StatCacheWriter | undefined {
    const { tracked } = this.#place;
    if (tracked === undefined || this.#readAtNs === undefined) return undefined;
    return new StatCacheWriter(this.#workspace, tracked, this.#readAtNs, root);
  }

  #note({ path, entry, stat }: Ingested): void {
    if (entry.type === 'link') this.#writer?.link(path, entry.target);
    else if (stat !== undefined) this.#writer?.file(path, stat, digestOf(entry.id));
  }

  #cache(): StatCache | undefined {
    const { tracked } = this.#place;
    return tracked === undefined ? undefined : StatCache.open(this.#workspace, tracked);
  }

  /** Every file; the writer is told of the folders that they lie in. */
  *#crawl(writer: StatCacheWriter | undefined): Generator<CrawledFile> {
    const { type, absolute } = this.#place;
    if (type === 'file') {
      yield crawlFile(absolute);
      return;
    }
    yield* crawl(absolute, (path) => writer?.listing(path));
    writer?.sawAll();
  }

  *#sources(cache: StatCache | undefined, writer?: StatCacheWriter): Generator<SourceFile> {
    for (const file of this.#crawl(writer)) {
      const known = cache?.match(file);
      yield file.type === 'link' ? file : { ...file, known };
    }
  }
}

function timeWhereWritable(folder: string): bigint | undefined {
  try {
    if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) mkdirSync(folder);
    return fileSystemNow(folder);
  } catch (error) {
    const trouble = ioError(error, 'writing', folder);
    if (isDvsError(trouble, 'E_NOSPC', 'E_ACCESS')) return undefined;
    throw trouble;
  }
}
