import { compareUtf8 } from '../base/bytes.js';
import { digestOf } from '../id/cid.js';
import type { Digest } from '../id/hash.js';
import type { Planned } from '../ops/checkout/planned.js';
import type { Restored } from '../ops/checkout/restore.js';
import type { Ingested } from '../ops/ingest/ingest.js';
import { FolderStats } from '../workspace/folder-stats.js';
import { StatCacheWriter } from '../workspace/stat-writer.js';
import type { Workspace } from '../workspace/workspace.js';
import type { Place } from './place.js';

/** Keeps what a scan finds for the next one, in the stat cache: `begin`, then what is found, then `finish` or `discard`. */
export class StatKeeper {
  readonly #workspace: Workspace;
  readonly #place: Place;
  readonly #readAtNs: bigint | undefined;
  #writer: StatCacheWriter | undefined;

  /** `readAtNs` as for `StatCacheWriter`; without it nothing is kept. */
  constructor(workspace: Workspace, place: Place, readAtNs: bigint | undefined) {
    this.#workspace = workspace;
    this.#place = place;
    this.#readAtNs = readAtNs;
  }

  /** Undefined unless begun, and where nothing is kept. */
  get writer(): StatCacheWriter | undefined {
    return this.#writer;
  }

  /** Folders: `listed` where each will be told of, `unlisted` where no more is known than that they are there. */
  begin(folders: 'listed' | 'unlisted' | 'unknown'): void {
    this.discard();
    const { type, tracked, links, absolute } = this.#place;
    const readAtNs = this.#readAtNs;
    if (tracked === undefined || readAtNs === undefined) return;
    const options = { follow: links === 'followed', isListed: folders === 'listed' };
    const isKept = type === 'folder' && folders !== 'unknown';
    const stats = isKept ? new FolderStats(absolute, readAtNs, options) : undefined;
    this.#writer = new StatCacheWriter(this.#workspace, tracked, readAtNs, stats);
  }

  note({ path, entry, stat }: Ingested): void {
    if (entry.type === 'link') this.#writer?.link(path, entry.target);
    else if (stat !== undefined) this.#writer?.file(path, stat, digestOf(entry.id));
    else this.#writer?.leftOut();
  }

  /** Files that were right already and those just written, both in byte order. Goes through the latter in any case. */
  async noteAll(same: Iterable<Planned>, written: AsyncIterable<Restored>): Promise<void> {
    const unwritten = same[Symbol.iterator]();
    let next = unwritten.next();
    const noteUpTo = (path: string | undefined): void => {
      for (; next.done !== true; next = unwritten.next()) {
        if (path !== undefined && compareUtf8(next.value.path, path) > 0) return;
        this.notePlanned({ ...next.value, fate: 'same' });
      }
    };
    for await (const one of written) {
      if (this.#writer === undefined) continue;
      noteUpTo(one.path);
      this.#noteWritten(one);
    }
    if (this.#writer !== undefined) noteUpTo(undefined);
  }

  /** What became of a path. */
  notePlanned({ fate, path, entry, stat }: Planned): void {
    const known = stat === 'anything' ? undefined : stat;
    if (fate === 'same') this.note({ path, entry, stat: known });
    else if (fate === 'write') this.#noteWritten({ path, entry, stat: known });
  }

  #noteWritten({ path, entry, stat }: Ingested): void {
    if (entry.type === 'link') this.#writer?.link(path, entry.target);
    else if (stat !== undefined) this.#writer?.written(path, stat, digestOf(entry.id));
    else this.#writer?.leftOut();
  }

  finish(dataset: Digest, lostPacks: number | undefined): void {
    this.#writer?.finish(dataset, lostPacks);
    this.#writer = undefined;
  }

  discard(): void {
    this.#writer?.discard();
    this.#writer = undefined;
  }
}
