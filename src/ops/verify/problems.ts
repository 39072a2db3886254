import { isDvsError } from '../../base/errors.js';
import { KiB } from '../../base/limits.js';
import type { Scratch } from '../../base/scratch.js';
import type { Sequence } from '../../base/sequence.js';
import { type RecordCodec, Spill } from '../../base/spill.js';

/** Something that is not as it should be, and what it affects. */
export interface Problem {
  /** What is affected, for people: `mnist:v3 train/0.png`, `packs/1234…`, `log/0000000000000007`. */
  readonly path: string;
  /** The pack it lies in, when that is known. */
  readonly pack: string | undefined;
  /** The content, entity or object concerned. */
  readonly id: string | undefined;
  readonly why: string;
}

/** Longer than any path in a version with its name; only what a forger nested is, and is cut. */
const TEXT_BYTES = 16 * KiB;
const TEXTS = 4;
/** In place of the length of a text that is not there. */
const NONE = 0xffff;

const problemRecord: RecordCodec<Problem> = {
  maxLength: TEXTS * (2 + TEXT_BYTES),
  put(target, at, { path, pack, id, why }) {
    let end = at;
    for (const text of [path, pack, id, why]) {
      const length = text === undefined ? NONE : target.write(text, end + 2, TEXT_BYTES, 'utf8');
      end = target.writeUInt16LE(length, end) + (text === undefined ? 0 : length);
    }
    return end;
  },
  take(record) {
    const [path = '', pack, id, why = ''] = texts(record);
    return { path, pack, id, why };
  },
};

function* texts(record: Buffer): Generator<string | undefined, void, undefined> {
  for (let at = 0; at < record.length; ) {
    const length = record.readUInt16LE(at);
    const end = at + 2 + (length === NONE ? 0 : length);
    yield length === NONE ? undefined : record.toString('utf8', at + 2, end);
    at = end;
  }
}

/**
 * Problems in the order in which they were found. Many lie in a file; where none can be written (a disk that fails
 * is often read-only by then) the first thousands are listed and the others counted.
 */
export class ProblemList implements Sequence<Problem> {
  readonly #listed: Spill<Problem>;
  #unlisted = 0;

  constructor(scratch: Scratch) {
    this.#listed = new Spill(scratch, problemRecord);
  }

  /** How many are listed: all but `unlisted`. */
  get length(): number {
    return this.#listed.length;
  }

  get unlisted(): number {
    return this.#unlisted;
  }

  add(problem: Problem): void {
    if (this.#unlisted === 0) {
      try {
        this.#listed.add(problem);
        return;
      } catch (error) {
        if (!isDvsError(error, 'E_NOSPC', 'E_ACCESS', 'E_IO')) throw error;
      }
    }
    this.#unlisted++;
  }

  [Symbol.iterator](): Iterator<Problem> {
    return this.#listed[Symbol.iterator]();
  }
}
