import { lstatSync, mkdirSync } from 'node:fs';
import { concatBytes, equalBytes } from '../base/bytes.js';
import type { Clock } from '../base/clock.js';
import { DvsError, ioError, isDvsError } from '../base/errors.js';
import type { DatasetEntry } from '../entities/dataset.js';
import { type CID, cidOf, DAG_CBOR, digestOf } from '../id/cid.js';
import { DIGEST_LENGTH, type Digest, sha256 } from '../id/hash.js';
import type { Planned } from '../ops/checkout/planned.js';
import type { Restored } from '../ops/checkout/restore.js';
import type { Ingest, Ingested } from '../ops/ingest/ingest.js';
import type { Passed, SourceFile } from '../ops/ingest/sources.js';
import type { Edit } from '../tree/edit.js';
import type { TreeSummary } from '../tree/schema.js';
import { type CrawledFile, crawl, crawlFile } from '../workspace/crawl.js';
import { fileSystemNow } from '../workspace/fresh.js';
import { type Ignored, IgnoredCount } from '../workspace/ignore/count.js';
import { NO_RULES_ABOVE, type RulesAbove, readRulesAbove } from '../workspace/ignore/rules-above.js';
import { type Look, lookAgain, type Tracked } from '../workspace/look.js';
import { changesOf, type LookChanges } from '../workspace/look-changes.js';
import { lookChanges } from '../workspace/look-merge.js';
import { StatCache } from '../workspace/stat-cache.js';
import { type Gone, type Same, type StatChange, statChanges } from '../workspace/stat-changes.js';
import type { KnownDataset } from '../workspace/stat-format.js';
import type { StatCacheWriter } from '../workspace/stat-writer.js';
import type { Workspace } from '../workspace/workspace.js';
import type { Place } from './place.js';
import type { Repository } from './repository.js';
import { StatKeeper } from './stat-keeper.js';
import type { View } from './view.js';

/** Files that dvs writes are dated this far back, so that any later write shows, even within one clock tick. */
const DATED_BACK_NS = 3_000_000_000n;

/** No dataset has this digest. */
const NO_DATASET: Digest = new Uint8Array(DIGEST_LENGTH);

/** The dataset that the files of a tracked path were when they were last looked at. */
export interface LastDataset extends TreeSummary {
  readonly lostPacks: number | undefined;
}

/**
 * One look at what is on disk, with the help of the stat cache, which it brings up to date when told so. Whoever
 * makes one ends it with `keep` or `discard`.
 */
export class Scan {
  readonly #workspace: Workspace;
  readonly #place: Place;
  /** What is checked out of the tracked path; undefined when that is all of it. May be widened before `keep`. */
  view: View | undefined;
  /** Undefined where nothing can be written; then nothing is kept for the next look either. */
  readonly #readAtNs: bigint | undefined;
  readonly #clock: Clock;
  readonly #measure: boolean;
  readonly #workers: number;
  readonly #keeper: StatKeeper;
  #cache: StatCache | undefined;
  /** What became of the files since they were in the stat cache; looked for once. */
  #look: Promise<Look> | undefined;
  readonly #above: RulesAbove;
  readonly #ignored = new IgnoredCount();

  constructor({ workspace, measure, workers, clock }: Repository, place: Place, view?: View) {
    this.view = view;
    this.#workers = workers;
    this.#clock = clock;
    this.#measure = measure;
    this.#workspace = workspace;
    this.#place = place;
    this.#readAtNs = timeWhereWritable(workspace.tmpDir);
    this.#keeper = new StatKeeper(workspace, place, this.#readAtNs);
    const { tracked } = place;
    this.#above = tracked === undefined ? NO_RULES_ABOVE : readRulesAbove(workspace.root, tracked);
  }

  /** The modification time, in seconds, for files written on the ground of this scan. */
  get writtenTime(): number {
    const now = this.#readAtNs ?? BigInt(this.#clock()) * 1_000_000n;
    return Number((now - DATED_BACK_NS) / 1000n) / 1e6;
  }

  /** What was ignored in the last look that is over. A single file never is. */
  get ignored(): Ignored {
    const { files, folders } = this.#ignored;
    return { files, folders };
  }

  /** The dataset that the files were when last looked at, if none of them changed since. Reads no file. */
  async unchanged(): Promise<LastDataset | undefined> {
    const cache = this.#open();
    if (cache === undefined) return undefined;
    const { isSame } = await this.#lookAgain(cache);
    return isSame && cache.dataset ? lastDataset(cache.dataset) : undefined;
  }

  /** `dataset`, if the files are, as far as they are checked out, certainly still those of it. Reads no file. */
  async stillAt(dataset: CID): Promise<LastDataset | undefined> {
    const cache = this.#open();
    if (cache?.dataset === undefined || !equalBytes(cache.dataset.digest, this.#digestOf(dataset)))
      return undefined;
    return this.unchanged();
  }

  /**
   * The dataset that `edits` begins with: the last that all files were. Undefined when not all of it is known, or when
   * no `add` put it together: what was only read may be cut into nodes otherwise than the rules say.
   */
  get basis(): LastDataset | undefined {
    const cache = this.#place.type === 'folder' ? this.#open() : undefined;
    return cache?.hasFiles && cache.dataset?.lostPacks !== undefined ? lastDataset(cache.dataset) : undefined;
  }

  /** The dataset that the files were before they changed, if the stat cache has every file of it. Not of a part. */
  get before(): CID | undefined {
    const cache = this.view === undefined ? this.#open() : undefined;
    const digest = cache?.hasFiles === true ? cache.dataset?.digest : undefined;
    return digest === undefined || equalBytes(digest, NO_DATASET) ? undefined : cidOf(DAG_CBOR, digest);
  }

  /** Whether the stat cache has every file that was there when the files were `dataset`, so that `edits` begin with it. */
  knows(dataset: CID): boolean {
    const cache = this.#place.type === 'folder' ? this.#open() : undefined;
    return (
      cache?.hasFiles === true && equalBytes(cache.dataset?.digest ?? NO_DATASET, this.#digestOf(dataset))
    );
  }

  /** How much `run` will have to go through, found out from the stat cache and the file system alone. */
  totals(rehash = false): { items: number; bytes: number } {
    const cache = rehash ? undefined : this.#open();
    const totals = { items: 0, bytes: 0 };
    for (const source of this.#sources(cache)) {
      totals.items++;
      if (source.type === 'file' && source.known === undefined) totals.bytes += source.stat.size;
    }
    return totals;
  }

  /** What every file and link is, in byte order; reads those that may have changed, or with `rehash` all. */
  async *run(ingest: Ingest, rehash = false): AsyncGenerator<Ingested> {
    this.#keeper.begin(this.#place.type === 'folder');
    if (this.#measure) ingest.expect(this.totals(rehash));
    const cache = rehash ? undefined : this.#open();
    for await (const found of ingest.run(this.#sources(cache, this.#keeper.writer))) {
      this.#keeper.note(found);
      yield found;
    }
  }

  /** What makes the dataset that the cache knows the one that is there now; reads the files that may have changed. */
  async *edits(ingest: Ingest): AsyncGenerator<Edit<DatasetEntry>> {
    const cache = this.#open();
    if (cache === undefined) throw new DvsError('E_INTERNAL', 'edits of what is not tracked');
    const found = changesOf(cache, await this.#lookAgain(cache), this.#looked);
    this.#keeper.begin(this.#place.type === 'folder');
    if (this.#measure) {
      ingest.expect(found === undefined ? this.totals() : { items: found.count, bytes: found.bytes });
    }
    const changes = found === undefined ? this.#crawledChanges() : this.#lookedChanges(cache, found);
    for await (const one of ingest.run(asSources(changes))) {
      if (!('item' in one)) {
        this.#keeper.note(one);
        yield { key: one.path, value: one.entry };
      } else if (one.item.type === 'gone') {
        yield { key: one.item.path };
      } else {
        this.#keeper.writer?.same(one.item.same);
      }
    }
  }

  /**
   * Keeps what was found for the next look: it was this dataset, or one that nobody has named yet. An `add` says how many
   * `lostPacks` there are; else what the last one said of the same dataset holds.
   */
  keep(dataset: CID | undefined, lostPacks = this.#addedWith(dataset)): void {
    const isWhole = this.view === undefined;
    const digest = dataset === undefined ? NO_DATASET : this.#digestOf(dataset);
    this.#keeper.finish(digest, isWhole ? lostPacks : undefined);
    this.discard();
  }

  /** Keeps what a checkout left: files that were right already and those just written, both in byte order. */
  async keepWritten(same: Iterable<Planned>, written: AsyncIterable<Restored>, dataset?: CID): Promise<void> {
    this.#open();
    const lostPacks = this.#addedWith(dataset);
    this.discard();
    this.#keeper.begin(false);
    await this.#keeper.noteAll(same, written);
    this.keep(dataset, lostPacks);
  }

  /** Forgets what was found; the last stat cache stays. */
  discard(): void {
    this.#keeper.discard();
    this.#cache?.close();
    this.#cache = undefined;
    this.#look = undefined;
  }

  /** What the stat cache has for a dataset: of one that is there in part something else, which is no dataset's. */
  #digestOf(dataset: CID): Digest {
    const digest = digestOf(dataset);
    return this.view === undefined ? digest : sha256(concatBytes([digest, this.view.digest]));
  }

  get #looked(): Tracked {
    return { ...this.#place, above: this.#above, ignored: this.#ignored };
  }

  #lookAgain(cache: StatCache): Promise<Look> {
    this.#look ??= lookAgain(cache, this.#looked, this.#workers);
    return this.#look;
  }

  #addedWith(dataset: CID | undefined): number | undefined {
    const last = this.#cache?.dataset;
    const isSame = dataset && last && equalBytes(digestOf(dataset), last.digest);
    return isSame ? last.lostPacks : undefined;
  }

  /** The stat cache, which is one and the same until the scan ends, at its beginning. */
  #open(): StatCache | undefined {
    const { tracked } = this.#place;
    if (tracked === undefined) return undefined;
    this.#cache ??= StatCache.open(this.#workspace, tracked);
    this.#cache.rewind();
    return this.#cache;
  }

  /** Every file; the writer is told of the folders that they lie in. */
  *#crawl(writer: StatCacheWriter | undefined): Generator<CrawledFile> {
    const { type, absolute, links } = this.#place;
    if (type === 'file') {
      yield crawlFile(absolute, links);
      return;
    }
    this.#ignored.reset();
    yield* crawl(absolute, {
      above: this.#above,
      links,
      onFolder: (path) => writer?.listing(path),
      onIgnored: (path, isFolder) => {
        this.#ignored.add(path, isFolder);
        writer?.ignored(path, isFolder);
      },
    });
    writer?.sawAll(this.#above.digest);
  }

  #crawledChanges(): Generator<StatChange> {
    const cache = this.#open();
    if (cache === undefined) throw new DvsError('E_INTERNAL', 'edits of what is not tracked');
    return statChanges(cache, this.#crawl(this.#keeper.writer));
  }

  /** The same changes, where a look has found them. */
  #lookedChanges(cache: StatCache, found: LookChanges): Generator<StatChange> {
    const { writer } = this.#keeper;
    for (const folder of found.folders) writer?.listing(folder);
    this.#ignored.reset(cache.ignored);
    writer?.stillIgnored(cache.ignored);
    writer?.sawAll(this.#above.digest);
    return lookChanges(cache, found);
  }

  *#sources(cache: StatCache | undefined, writer?: StatCacheWriter): Generator<SourceFile> {
    for (const file of this.#crawl(writer)) {
      const known = cache?.match(file);
      yield file.type === 'link' ? file : { ...file, known };
    }
  }
}

function* asSources(changes: Iterable<StatChange>): Generator<SourceFile | Passed<Same | Gone>> {
  for (const change of changes) {
    if (change.type === 'same') yield { type: 'passed', files: change.same.count, item: change };
    else if (change.type === 'gone') yield { type: 'passed', files: 0, item: change };
    else if (change.file.type === 'link') yield change.file;
    else yield { ...change.file, known: undefined };
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

function lastDataset({ digest, count, bytes, lostPacks }: KnownDataset): LastDataset {
  return { id: cidOf(DAG_CBOR, digest), count, bytes, lostPacks };
}
