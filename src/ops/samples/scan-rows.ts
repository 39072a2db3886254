import { hash } from 'node:crypto';
import { badData } from '../../formats/bad-data.js';
import type { FieldSources } from './definition.js';
import { type FieldPlan, GROUP, KEY, LABEL, planOf, TIME, VALUES } from './field-plan.js';
import { Only } from './only.js';
import type { Batch, OpenSource, Source, Wanted } from './reader.js';
import type { ScannedSample, ScanWish } from './scan.js';

/** Samples of one source: the first has the number `first`. */
export interface OpenedSource {
  readonly source: Source;
  readonly open: OpenSource;
  readonly first: number;
}

/** Reads what is wished for of the rows of a source. */
export class RowScan {
  readonly #wish: ScanWish;
  readonly #only: Only | undefined;
  readonly #plan: FieldPlan;
  readonly #hashes: boolean;
  readonly #hasKey: boolean;

  constructor(wish: ScanWish, fields: FieldSources) {
    const { key, digest } = wish;
    this.#wish = wish;
    this.#only = wish.only && new Only(wish.only());
    this.#plan = planOf(wish, fields);
    this.#hashes = digest === true || (key === true && fields.key === undefined);
    this.#hasKey = fields.key !== undefined;
  }

  async *run({
    source,
    open,
    first,
  }: OpenedSource): AsyncGenerator<readonly ScannedSample[], void, undefined> {
    const path = source.files[0]?.path ?? '';
    let next = first;
    for await (const batch of open.scan(this.wanted)) {
      await this.#only?.upTo(next + batch.length);
      const found: ScannedSample[] = [];
      for (let i = 0; i < batch.length; i++) {
        if (this.#only?.has(next + i) !== false) found.push(this.sample(batch, i, next + i, path));
      }
      next += batch.length;
      if (found.length > 0) yield found;
    }
  }

  /** What a reader has to give for this. */
  get wanted(): Wanted {
    const { row, without, nested } = this.#wish;
    return { bytes: this.#hashes || row === true, columns: this.#plan.columns, nested, without };
  }

  /** What is wished for of the `i`th sample of a batch. */
  sample(batch: Batch, i: number, number: number, path: string): ScannedSample {
    const plan = this.#plan;
    const name = batch.name?.(i);
    const digest =
      this.#hashes && (name === undefined || this.#wish.digest === true) ? this.#digest(batch.bytes(i)) : '';
    const values = this.#wish.values?.map((_, k) => plan.read(VALUES + k, batch, i, path)) ?? NOTHING;
    return {
      number,
      path,
      key: this.#wish.key === true ? this.#key(batch, i, number, path, { name, digest }) : '',
      label: plan.read(LABEL, batch, i, path),
      // An empty cell names no group.
      group: plan.read(GROUP, batch, i, path) || undefined,
      time: plan.read(TIME, batch, i, path),
      digest,
      values,
      row: this.#wish.row === true ? batch.bytes(i) : undefined,
    };
  }

  #digest(bytes: Uint8Array): string {
    return this.#wish.without !== undefined && bytes.length === 0 ? '' : sha256Hex(bytes);
  }

  #key(batch: Batch, i: number, number: number, path: string, { name, digest }: Told): string {
    if (this.#hasKey) {
      const key = this.#plan.read(KEY, batch, i, path);
      if (key !== undefined) return key;
      throw badData(path, 'it has no key', {
        place: `sample ${number}`,
        hint: 'Choose a column that every row has a value in.',
      });
    }
    return name === undefined ? digest : nameKey(path, name);
  }
}

/** What a sample is told by without a chosen column. */
interface Told {
  readonly name: string | undefined;
  readonly digest: string;
}

const NOTHING: readonly undefined[] = [];

/** The key of a sample that its format gives a name. */
export function nameKey(path: string, name: string): string {
  return `${path}\n${name}`;
}

export function sha256Hex(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}
