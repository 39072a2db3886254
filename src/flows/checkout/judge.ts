import { DvsError, isDvsError } from '../../base/errors.js';
import { type DatasetEntry, datasetSchema } from '../../entities/dataset.js';
import { type CID, digestOf } from '../../id/cid.js';
import type { Compared, Present } from '../../ops/checkout/compare.js';
import type { Endangered } from '../../ops/checkout/plan.js';
import { storedContents } from '../../store/catalogue/catalogue.js';
import { AscendingLookup } from '../../tree/ascending.js';
import type { Repository } from '../repository.js';
import type { Job } from './job.js';
import { lastVersions } from './last-versions.js';

/** Paths that a message names. */
const SHOWN = 10;

/** Decides what may go: what can be brought back. Paths come in byte order. */
export class Judge {
  readonly #repo: Repository;
  readonly #job: Job;
  readonly #past: readonly PastDataset[];

  private constructor(repo: Repository, job: Job, past: readonly CID[]) {
    this.#repo = repo;
    this.#job = job;
    this.#past = past.map((dataset) => new PastDataset(repo, dataset));
  }

  static async open(repo: Repository, job: Job): Promise<Judge> {
    return new Judge(repo, job, await pastOf(repo, job));
  }

  /** For each path, whether what is there now may go. What is as it should be is not asked about. */
  async judge(items: readonly Compared[]): Promise<boolean[]> {
    const going = items.map(({ found, wanted }) =>
      found === undefined || (wanted && datasetSchema.equal(found.entry, wanted)) ? undefined : found,
    );
    const stored = await storedAmong(
      this.#repo,
      going.flatMap((found) => (found?.entry.type === 'file' ? [found.entry.id] : [])),
    );
    const verdicts: boolean[] = [];
    for (const [i, found] of going.entries()) {
      const isReplaced = items[i]?.wanted !== undefined;
      verdicts.push(found === undefined || (await this.#mayGo(found, isReplaced, stored)));
    }
    return verdicts;
  }

  /**
   * True when a file may be replaced or removed. In a tracked path that is one whose bytes the store has. To be
   * removed, an empty file, of which every store has the bytes, and any in a foreign folder must be recorded there;
   * so must what is ignored, to be replaced.
   */
  async #mayGo(
    { path, entry, isIgnored = false }: Present,
    isReplaced: boolean,
    stored: ReadonlySet<string>,
  ): Promise<boolean> {
    if (entry.type === 'link') return this.#isRecorded(path, entry);
    const mustBeRecorded =
      isIgnored || (!isReplaced && (this.#job.tracked === undefined || entry.size === 0));
    if (!stored.has(entry.id.toString())) return false;
    return !mustBeRecorded || this.#isRecorded(path, entry);
  }

  /** True when some version has just that at just this path. */
  async #isRecorded(path: string, entry: DatasetEntry): Promise<boolean> {
    const recordedPath = this.#job.recordedPath(path);
    for (const dataset of this.#past) {
      const recorded = await dataset.at(recordedPath);
      if (recorded !== undefined && datasetSchema.equal(recorded, entry)) return true;
    }
    return false;
  }
}

/** Refuses (E_UNSAFE) a checkout by which anything would be lost that was never added. */
export function assertNothingLost(job: Job, { count, paths }: Endangered, isAnyIgnored = false): void {
  if (count === 0) return;
  const shown = paths.slice(0, SHOWN);
  const more = count > shown.length ? ` and ${count - shown.length} more` : '';
  const message = `in ${job.dest} these were never added and would be lost: ${shown.join(', ')}${more}`;
  throw new DvsError('E_UNSAFE', message, {
    about: paths,
    hint: `${isAnyIgnored ? 'Move them away (`dvs add` does not keep what is ignored)' : 'Run `dvs add` to keep them'}, or repeat with --force to lose them. Nothing was changed.`,
  });
}

/** The datasets in which a file that is there now may be recorded, the likeliest first. */
async function pastOf(repo: Repository, { tracked, resolved, past }: Job): Promise<CID[]> {
  const { id, name } = resolved;
  return [tracked === undefined ? id : tracked.id, ...(past ?? (await lastVersions(repo, name)))];
}

/** One of them, opened when it is first needed. A version that is lost, or of another store, vouches for nothing. */
class PastDataset {
  readonly #repo: Repository;
  readonly #dataset: CID;
  #lookup: Promise<AscendingLookup<DatasetEntry> | undefined> | undefined;

  constructor(repo: Repository, dataset: CID) {
    this.#repo = repo;
    this.#dataset = dataset;
  }

  async at(path: string): Promise<DatasetEntry | undefined> {
    const { objects } = this.#repo.store;
    this.#lookup ??= unlessLost(() => AscendingLookup.open(datasetSchema, objects, this.#dataset));
    const lookup = await this.#lookup;
    return lookup && unlessLost(() => lookup.at(path));
  }
}

async function unlessLost<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isDvsError(error, 'E_MISSING', 'E_DAMAGED')) return undefined;
    throw error;
  }
}

/** Those contents of which every pack is there: what the catalogue knows may have been lost since. */
async function storedAmong({ store }: Repository, contents: readonly CID[]): Promise<ReadonlySet<string>> {
  const digests = contents.map(digestOf);
  const isKnown = await store.query((session) => storedContents(session, digests));
  const known = contents.filter((_, i) => isKnown[i]);
  const isAtHand = await store.objects.areAtHand(known.map(digestOf));
  return new Set(known.filter((_, i) => isAtHand[i]).map(String));
}
