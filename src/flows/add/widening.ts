import { datasetSchema } from '../../entities/dataset.js';
import type { CID } from '../../id/cid.js';
import { entries } from '../../tree/read.js';
import type { NodeSource } from '../../tree/schema.js';
import { literalPattern } from '../../workspace/patterns.js';
import { makeView, type View } from '../view.js';

/** Answers remembered at once. */
const REMEMBERED = 10_000;

/**
 * Takes files that lie on disk outside of what was checked out into the view: from then on, that they are missing means
 * that they were deleted. A folder of which the dataset has nothing comes in as a whole.
 */
export class Widening {
  readonly #source: NodeSource;
  readonly #dataset: CID;
  readonly #more = new Set<string>();
  readonly #recorded = new Map<string, boolean>();
  #view: View;

  constructor(source: NodeSource, dataset: CID, view: View) {
    this.#source = source;
    this.#dataset = dataset;
    this.#view = view;
  }

  /** A path of the dataset with a file on disk. */
  async see(path: string): Promise<void> {
    if (this.#view.covers(path)) return;
    for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
      const folder = path.slice(0, end);
      if (this.#more.has(folder)) return;
      if (await this.#isRecorded(folder)) continue;
      this.#more.add(folder);
      return;
    }
    this.#more.add(path);
  }

  /** What is checked out with all that was seen. */
  get view(): View {
    if (this.#more.size === 0) return this.#view;
    this.#view = makeView([...this.#view.patterns, ...[...this.#more].map(literalPattern)]);
    this.#more.clear();
    return this.#view;
  }

  /** Whether the dataset has anything in a folder. */
  async #isRecorded(folder: string): Promise<boolean> {
    const known = this.#recorded.get(folder);
    if (known !== undefined) return known;
    const found = entries(datasetSchema, this.#source, this.#dataset, { prefix: `${folder}/` });
    const { done = false } = await found.next();
    if (this.#recorded.size >= REMEMBERED) this.#recorded.clear();
    this.#recorded.set(folder, !done);
    return !done;
  }
}
