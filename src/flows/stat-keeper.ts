import { compareUtf8 } from '../base/bytes.js';
import { digestOf } from '../id/cid.js';
import type { Digest } from '../id/hash.js';
import type { Planned } from '../ops/checkout/planned.js';
import type { Restored } from '../ops/checkout/restore.js';
import type { Ingested } from '../ops/ingest/ingest.js';
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

  /** `isAll`: each folder will be told of. */
  begin(isAll: boolean): void {
    this.discard();
    const { tracked, links, absolute } = this.#place;
    if (tracked === undefined || this.#readAtNs === undefined) return;
    const root = isAll ? absolute : undefined;
    this.#writer = new StatCacheWriter(this.#workspace, tracked, this.#readAtNs, root, links === 'followed');
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
        const { entry, stat } = next.value;
        this.note({ path: next.value.path, entry, stat: stat === 'anything' ? undefined : stat });
      }
    };
    for await (const { path, entry, stat } of written) {
      if (this.#writer === undefined) continue;
      noteUpTo(path);
      if (entry.type === 'link') this.#writer.link(path, entry.target);
      else if (stat !== undefined) this.#writer.written(path, stat, digestOf(entry.id));
      else this.#writer.leftOut();
    }
    noteUpTo(undefined);
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
