import { randomBytes } from 'node:crypto';
import type { Backend } from '../../backend/interface.js';
import { equalBytes } from '../../base/bytes.js';
import { DvsError, isDvsError } from '../../base/errors.js';
import { LIMITS } from '../../base/limits.js';
import { DIGEST_LENGTH, type Digest } from '../../id/hash.js';
import { decodeLogEntry, encodeLogEntry, type LogEntry, logKey, type StoredLogEntry } from './entry.js';

/** A place in the log: the number of an entry and its hash. `{ seq: 0 }` is before the first. */
export interface LogPosition {
  readonly seq: number;
  readonly hash: Digest | null;
}

export const LOG_START: LogPosition = { seq: 0, hash: null };

/** What a commit says, before it has a slot. */
export type Commit = Omit<LogEntry, 'seq' | 'previous' | 'transaction'>;

/** The append-only, hash-chained list of commits. */
export class Log {
  readonly #backend: Backend;
  /** Entries up to this one are known to be durable. */
  #settled = 0;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** The entry in slot `seq`, or undefined when the slot is free. E_DAMAGED when it is not intact. */
  async read(seq: number): Promise<StoredLogEntry | undefined> {
    const range = { offset: 0, length: LIMITS.logEntryBytes + DIGEST_LENGTH + 1 };
    const bytes = await this.#backend.read(logKey(seq), range);
    return bytes === undefined ? undefined : decodeLogEntry(bytes, seq);
  }

  /** The hash of the entry in slot `seq`, as the slot itself says; undefined when the slot is free. */
  async hashOf(seq: number): Promise<Digest | undefined> {
    const size = await this.#backend.size(logKey(seq));
    if (size === undefined) return undefined;
    const offset = Math.max(0, size - DIGEST_LENGTH);
    return this.#backend.read(logKey(seq), { offset, length: DIGEST_LENGTH });
  }

  /** The entries after `position`, oldest first, each checked against the hash of the one before. */
  async *after(position: LogPosition): AsyncGenerator<StoredLogEntry> {
    let { seq, hash } = position;
    for (;;) {
      const entry = await this.read(seq + 1);
      if (entry === undefined) return;
      if (!sameHash(entry.previous, hash)) {
        throw new DvsError('E_DAMAGED', `the log is broken: entry ${seq + 1} does not follow entry ${seq}`, {
          about: [logKey(seq), logKey(seq + 1)],
          hint: 'Entries were replaced or mixed from two stores; restore the log from a copy.',
        });
      }
      yield entry;
      seq = entry.seq;
      hash = entry.hash;
    }
  }

  /** Number of the last entry, found by asking whether slots exist: doubling, then halving. */
  async head(known = 0): Promise<number> {
    let low = known;
    let step = 1;
    while (await this.#exists(low + step)) {
      low += step;
      step *= 2;
    }
    let high = low + step;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (await this.#exists(middle)) low = middle;
      else high = middle;
    }
    return low;
  }

  /**
   * Appends a commit. `propose` is asked anew for each slot tried, with the position it would follow, because
   * what others committed meanwhile may change what there is to say; undefined means nothing is left to say.
   */
  async append(
    next: () => Promise<{ position: LogPosition; commit: Commit } | undefined>,
  ): Promise<StoredLogEntry | undefined> {
    const transaction = randomBytes(16);
    for (;;) {
      const proposal = await next();
      if (proposal === undefined) return undefined;
      const { position, commit } = proposal;
      const entry: LogEntry = { ...commit, seq: position.seq + 1, previous: position.hash, transaction };
      const { bytes, hash } = encodeLogEntry(entry);
      if (await this.#create(entry.seq, bytes, transaction)) return { ...entry, hash };
    }
  }

  /**
   * Makes sure that the entries up to `seq`, which are there, stay there: who wrote them may have been killed, or
   * may still be about to make them durable. Nothing may be built or reported on one that could go again.
   */
  async settle(seq: number): Promise<void> {
    if (seq <= this.#settled) return;
    const head = await this.head(seq);
    await this.#backend.settle?.(logKey(seq));
    this.#settled = head;
  }

  /** True when the slot is ours, also when the answer to our own write was lost. */
  async #create(seq: number, bytes: Uint8Array, transaction: Uint8Array): Promise<boolean> {
    try {
      const isCreated = await this.#backend.create(logKey(seq), bytes);
      this.#settled = Math.max(this.#settled, seq);
      if (isCreated) return true;
    } catch (error) {
      if (!isDvsError(error, 'E_UNKNOWN')) throw error;
    }
    const there = await this.read(seq);
    if (there === undefined) {
      throw new DvsError('E_UNKNOWN', `cannot tell whether commit ${seq} was written`, {
        hint: 'Run the same command again: it goes on from whatever is there.',
      });
    }
    return equalBytes(there.transaction, transaction);
  }

  async #exists(seq: number): Promise<boolean> {
    return (await this.#backend.size(logKey(seq))) !== undefined;
  }
}

function sameHash(a: Digest | null, b: Digest | null): boolean {
  return a === null || b === null ? a === b : equalBytes(a, b);
}
