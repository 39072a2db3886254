import { compareUtf8 } from '../base/bytes.js';
import type { Clock } from '../base/clock.js';
import { DvsError } from '../base/errors.js';
import type { DatasetEntry } from '../entities/dataset.js';
import type { CID } from '../id/cid.js';
import type { Planned } from '../ops/checkout/planned.js';
import type { Restored } from '../ops/checkout/restore.js';
import type { Ingest, Ingested } from '../ops/ingest/ingest.js';
import type { Edit } from '../tree/edit.js';
import { timeWhereWritable } from '../workspace/fresh.js';
import { type Ignored, IgnoredCount, isAnyIgnored } from '../workspace/ignore/count.js';
import { NO_RULES_ABOVE, type RulesAbove, readRulesAbove } from '../workspace/ignore/rules-above.js';
import { KnownEntries } from '../workspace/known-entries.js';
import type { LookChanges } from '../workspace/look-changes.js';
import { amongEntries } from '../workspace/look-merge.js';
import type { StatCache } from '../workspace/stat-cache.js';
import type { Gone } from '../workspace/stat-changes.js';
import { asSources, readChanged } from './changed-files.js';
import { type LastDataset, LastLook, lastDataset, NO_DATASET, viewedDigest } from './last-look.js';
import type { Place } from './place.js';
import { PlaceFiles } from './place-files.js';
import type { Repository } from './repository.js';
import { StatKeeper } from './stat-keeper.js';
import type { View } from './view.js';

/** Files that dvs writes are dated this far back, so that any later write shows, even within one clock tick. */
const DATED_BACK_NS = 3_000_000_000n;

/** What differs from a dataset, with the entries that the stat cache has for the files of that. */
export interface Differences extends Pick<LookChanges, 'changes'> {
  readonly known: KnownEntries;
}

/**
 * One look at what is on disk, with the help of the stat cache, which it brings up to date when told so. Whoever
 * makes one ends it with `keep` or `discard`.
 */
export class Scan {
  readonly #place: Place;
  /** What is checked out of the tracked path; undefined when that is all of it. May be widened before `keep`. */
  view: View | undefined;
  /** Undefined where nothing can be written; then nothing is kept for the next look either. */
  readonly #readAtNs: bigint | undefined;
  readonly #clock: Clock;
  readonly #measure: boolean;
  readonly #above: RulesAbove;
  readonly #ignored = new IgnoredCount();
  readonly #last: LastLook;
  readonly #files: PlaceFiles;
  readonly #keeper: StatKeeper;
  /** What was read of that which the last look found. */
  #read: Ingested[] | undefined;

  constructor({ workspace, measure, workers, clock }: Repository, place: Place, view?: View) {
    const { tracked } = place;
    this.view = view;
    this.#clock = clock;
    this.#measure = measure;
    this.#place = place;
    this.#readAtNs = timeWhereWritable(workspace.tmpDir);
    this.#above = tracked === undefined ? NO_RULES_ABOVE : readRulesAbove(workspace.root, tracked);
    const [above, ignored] = [this.#above, this.#ignored];
    this.#last = new LastLook(workspace, workers, tracked, { ...place, above, ignored });
    this.#files = new PlaceFiles(place, above, ignored);
    this.#keeper = new StatKeeper(workspace, place, this.#readAtNs);
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
    const cache = this.#last.open();
    if (cache === undefined) return undefined;
    const { isSame, found } = await this.#last.look(cache);
    const isUnchanged = isSame || found?.changes.length === 0;
    if (!isUnchanged || cache.dataset === undefined) return undefined;
    if (!isSame) {
      // Nothing changed but the times of folders: from now on they need not be listed again.
      await this.#writeFound([]);
      this.#keeper.finish(cache.dataset.digest, cache.dataset.lostPacks);
    }
    return lastDataset(cache.dataset);
  }

  /** `dataset`, if the files are, as far as they are checked out, certainly still those of it. Reads no file. */
  async stillAt(dataset: CID): Promise<LastDataset | undefined> {
    return this.#last.was(dataset, this.view) ? this.unchanged() : undefined;
  }

  /**
   * The dataset that `edits` begins with: the last that all files were. Undefined when not all of it is known, or when
   * no `add` put it together: what was only read may be cut into nodes otherwise than the rules say.
   */
  get basis(): LastDataset | undefined {
    return this.#last.basis;
  }

  /** The dataset that the files were before they changed, if the stat cache has every file of it. Not of a part. */
  get before(): CID | undefined {
    return this.view === undefined ? this.#last.before : undefined;
  }

  /** Whether the stat cache has every file that was there when the files were `dataset`, so that `edits` begin with it. */
  knows(dataset: CID): boolean {
    return this.#last.wasWhole(dataset, this.view);
  }

  /**
   * What differs from the dataset that the files were `before`; undefined where only `run` tells. What is ignored, nobody
   * can tell after a change without going through everything.
   */
  async differences(): Promise<Differences | undefined> {
    const cache = this.before === undefined ? undefined : this.#last.open();
    const found = cache && (await this.#last.look(cache)).found;
    const isKept = this.#readAtNs !== undefined && !isAnyIgnored(this.#ignored);
    if (cache === undefined || found === undefined || !isKept) return undefined;
    return { changes: found.changes, known: new KnownEntries(cache, found.entries) };
  }

  /** How much `run` will have to go through, found out from the stat cache and the file system alone. */
  totals(rehash = false): { items: number; bytes: number } {
    const cache = rehash ? undefined : this.#last.open();
    const totals = { items: 0, bytes: 0 };
    for (const source of this.#files.sources(cache)) {
      totals.items++;
      if (source.type === 'file' && source.known === undefined) totals.bytes += source.stat.size;
    }
    return totals;
  }

  /** What every file and link is, in byte order; reads those that may have changed, or with `rehash` all. */
  async *run(ingest: Ingest, rehash = false): AsyncGenerator<Ingested> {
    this.#begin();
    if (this.#measure) ingest.expect(this.totals(rehash));
    const cache = rehash ? undefined : this.#last.open();
    for await (const found of ingest.run(this.#files.sources(cache, this.#keeper.writer))) {
      this.#keeper.note(found);
      yield found;
    }
  }

  /** What makes the dataset that the cache knows the one that is there now; reads the files that may have changed. */
  async *edits(ingest: Ingest): AsyncGenerator<Edit<DatasetEntry>> {
    const cache = this.#last.open();
    if (cache === undefined) throw new DvsError('E_INTERNAL', 'edits of what is not tracked');
    const { found } = await this.#last.look(cache);
    yield* found === undefined ? this.#crawledEdits(cache, ingest) : this.#foundEdits(found, ingest);
  }

  async *#crawledEdits(cache: StatCache, ingest: Ingest): AsyncGenerator<Edit<DatasetEntry>> {
    this.#begin();
    if (this.#measure) ingest.expect(this.totals());
    cache.rewind();
    const { writer } = this.#keeper;
    for await (const one of ingest.run(asSources(this.#files.changes(cache, writer)))) {
      if (!('item' in one)) {
        this.#keeper.note(one);
        yield { key: one.path, value: one.entry };
      } else if (one.item.type === 'gone') {
        yield { key: one.item.path };
      } else {
        writer?.same(one.item.same);
      }
    }
  }

  /** The same where the last look has found what changed: nothing is written until it is to be kept. */
  async *#foundEdits({ changes, bytes }: LookChanges, ingest: Ingest): AsyncGenerator<Edit<DatasetEntry>> {
    this.#keeper.discard();
    this.#read = [];
    if (this.#measure) ingest.expect({ items: changes.length, bytes });
    for await (const { path, found } of readChanged(ingest, changes)) {
      if (found !== undefined) this.#read.push(found);
      yield found === undefined ? { key: path } : { key: path, value: found.entry };
    }
  }

  /**
   * Keeps what was found for the next look: it was this dataset, or one that nobody has named yet. An `add` says how many
   * `lostPacks` there are; else what the last one said of the same dataset holds.
   */
  async keep(dataset: CID | undefined, lostPacks = this.#last.addedWith(dataset)): Promise<void> {
    const isWhole = this.view === undefined;
    const digest = dataset === undefined ? NO_DATASET : viewedDigest(dataset, this.view);
    if (this.#read !== undefined) await this.#writeFound(this.#read);
    this.#keeper.finish(digest, isWhole ? lostPacks : undefined);
    this.discard();
  }

  /** Takes in what a checkout left: files that were right already and those just written, both in byte order. */
  async noteWritten(same: Iterable<Planned>, written: AsyncIterable<Restored>): Promise<void> {
    this.#read = undefined;
    const { links = 'kept' } = this.#place;
    const tellsFolders = links === 'kept' && !isAnyIgnored(this.#ignored);
    this.#keeper.begin(tellsFolders ? 'unlisted' : 'unknown');
    await this.#keeper.noteAll(same, written);
    if (tellsFolders) this.#keeper.writer?.sawAll(this.#above.digest);
  }

  /**
   * The same where `differences` told all: everything else is as it was. `planned` is in byte order; what was written
   * is what it says.
   */
  async noteChanged(planned: Iterable<Planned>): Promise<void> {
    this.#read = undefined;
    const cache = this.#last.open();
    const found = cache && (await this.#last.look(cache)).found;
    if (cache === undefined || found === undefined) {
      throw new DvsError('E_INTERNAL', 'no differences are known');
    }
    this.#keeper.begin('unlisted');
    for (const one of amongEntries(cache, found.entries, planned, touchedBy(found))) {
      if ('same' in one) this.#keeper.writer?.same(one.same);
      else this.#keeper.notePlanned(one);
    }
    this.#keeper.writer?.sawAll(this.#above.digest);
  }

  /** Forgets what was found; the last stat cache stays. */
  discard(): void {
    this.#keeper.discard();
    this.#read = undefined;
    this.#last.close();
  }

  #begin(): void {
    this.#read = undefined;
    this.#keeper.begin('listed');
  }

  /** Writes the stat cache again, with what was read of that which the last look found, and leaves it to be finished. */
  async #writeFound(read: readonly Ingested[]): Promise<void> {
    const cache = this.#last.open();
    const found = cache && (await this.#last.look(cache)).found;
    if (cache === undefined || found === undefined) return;
    this.#keeper.begin('listed');
    const { writer } = this.#keeper;
    if (writer === undefined) return;
    for (const folder of found.folders) writer.listing(folder);
    for (const one of amongEntries(cache, found.entries, withGone(found, read))) {
      if ('same' in one) writer.same(one.same);
      else if ('entry' in one) this.#keeper.note(one);
    }
    writer.stillIgnored(cache.ignored);
    writer.sawAll(this.#above.digest);
  }
}

/** What there is to write instead of the entries that are not right any more: nothing where nothing is left. */
function* withGone({ changes }: LookChanges, read: readonly Ingested[]): Generator<Ingested | Gone> {
  const next = read[Symbol.iterator]();
  for (const change of changes) {
    if (change.type === 'gone') yield change;
    else {
      const one = next.next();
      if (one.done !== true) yield one.value;
    }
  }
}

/**
 * Where names came or went before: a folder that lost its files, and that no plan is about, has no entry any more, so the
 * one above must be listed.
 */
function touchedBy({ changes, folders }: LookChanges): string[] {
  return [...changes.map(({ path }) => path), ...folders.map((path) => `${path}/`)].sort(compareUtf8);
}
