import { lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ioError, systemCode } from '../../base/errors.js';
import type { Compared, Present } from '../../ops/checkout/compare.js';
import { Ingest } from '../../ops/ingest/ingest.js';
import type { SourceFile } from '../../ops/ingest/sources.js';
import { fileStat } from '../../workspace/file-stat.js';
import { isAnyIgnored } from '../../workspace/ignore/count.js';
import type { Repository } from '../repository.js';
import type { Scan } from '../scan.js';
import type { Job } from './job.js';

/**
 * Finds what lies where a version has a file and the scan passed by because it is ignored: it is not to be overwritten
 * as if nothing were there. Costs nothing where nothing is ignored.
 */
export class HiddenFiles {
  readonly #root: string;
  readonly #scan: Scan;
  readonly #ingest: Ingest;
  /** Whether anything was found. */
  isAny = false;

  constructor({ workers, progress }: Repository, { root }: Job, scan: Scan) {
    this.#root = root;
    this.#scan = scan;
    this.#ingest = new Ingest({ workers, progress });
  }

  /** The same, with what is hidden at those paths. Paths come in byte order, and the scan has passed them. */
  async among(items: readonly Compared[]): Promise<readonly Compared[]> {
    if (!isAnyIgnored(this.#scan.ignored)) return items;
    const sources = items.flatMap(({ path, found }) => (found === undefined ? this.#look(path) : []));
    if (sources.length === 0) return items;
    this.isAny = true;
    const hidden = new Map<string, Present>();
    for await (const found of this.#ingest.run(sources))
      hidden.set(found.path, { ...found, isIgnored: true });
    return items.map((item) => ({ ...item, found: item.found ?? hidden.get(item.path) }));
  }

  close(): Promise<void> {
    return this.#ingest.close();
  }

  /** The file or link at a path, if there is one. */
  #look(path: string): SourceFile[] {
    const absolute = join(this.#root, path);
    try {
      const stats = lstatSync(absolute, { bigint: true, throwIfNoEntry: false });
      if (stats === undefined || this.#isBeneathLink(path)) return [];
      if (stats.isFile()) return [{ path, type: 'file', absolute, stat: fileStat(stats), known: undefined }];
      if (!stats.isSymbolicLink()) return [];
      return [{ path, type: 'link', target: readlinkSync(absolute) }];
    } catch (error) {
      if (systemCode(error) === 'ENOTDIR') return [];
      throw ioError(error, 'reading', absolute);
    }
  }

  /** What lies beyond a link is not at that path: nothing is written there either. */
  #isBeneathLink(path: string): boolean {
    for (let end = path.lastIndexOf('/'); end >= 0; end = path.lastIndexOf('/', end - 1)) {
      if (lstatSync(join(this.#root, path.slice(0, end))).isSymbolicLink()) return true;
    }
    return false;
  }
}
