import type { SourceFile } from '../ops/ingest/sources.js';
import { type CrawledFile, crawl, crawlFile } from '../workspace/crawl.js';
import type { IgnoredCount } from '../workspace/ignore/count.js';
import type { RulesAbove } from '../workspace/ignore/rules-above.js';
import type { StatCache } from '../workspace/stat-cache.js';
import { type StatChange, statChanges } from '../workspace/stat-changes.js';
import type { StatCacheWriter } from '../workspace/stat-writer.js';
import type { Place } from './place.js';

/** The files at a place, and what became of them. Each method tells the writer, if there is one, of the folders. */
export class PlaceFiles {
  readonly #place: Place;
  readonly #above: RulesAbove;
  readonly #ignored: IgnoredCount;

  /** `ignored` counts what is passed by. */
  constructor(place: Place, above: RulesAbove, ignored: IgnoredCount) {
    this.#place = place;
    this.#above = above;
    this.#ignored = ignored;
  }

  /** Every file, with its digest where the stat cache, which is rewound, knows it. */
  *sources(cache: StatCache | undefined, writer?: StatCacheWriter): Generator<SourceFile> {
    for (const file of this.#crawl(writer)) {
      const known = cache?.match(file);
      yield file.type === 'link' ? file : { ...file, known };
    }
  }

  /** What changed since a stat cache was written, which is rewound and has all files, by going through everything. */
  changes(cache: StatCache, writer: StatCacheWriter | undefined): Generator<StatChange> {
    return statChanges(cache, this.#crawl(writer));
  }

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
}
