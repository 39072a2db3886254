import { join } from 'node:path';
import type { DatasetEntry } from '../entities/dataset.js';
import type { Change } from '../tree/diff.js';
import { IgnoreLookup } from '../workspace/ignore/lookup.js';
import { isAbsent, type Place } from './place.js';
import type { Repository } from './repository.js';

/** Finds, of what a comparison with the disk tells, what only seems gone: it is there, and ignored by now. */
export class NowIgnored {
  readonly #place: Place;
  readonly #lookup: IgnoreLookup;
  /** Recorded files that are ignored by now. */
  count = 0;

  constructor({ workspace }: Repository, place: Place) {
    this.#place = place;
    const { tracked, links } = place;
    this.#lookup = new IgnoreLookup(workspace.root, tracked === undefined ? [] : [{ path: tracked, links }]);
  }

  /** Hands on the changes, and counts. Those that `wanted` leaves out do not count. */
  async *watch(
    changes: AsyncIterable<Change<DatasetEntry>>,
    wanted: (path: string) => boolean = () => true,
  ): AsyncGenerator<Change<DatasetEntry>> {
    for await (const change of changes) {
      if (change.after === undefined && wanted(change.key) && this.#isHidden(change.key)) this.count++;
      yield change;
    }
  }

  #isHidden(path: string): boolean {
    const { tracked, absolute } = this.#place;
    if (tracked === undefined || !this.#lookup.isIgnored(`${tracked}/${path}`, false)) return false;
    return !isAbsent({ absolute: join(absolute, path) });
  }
}
