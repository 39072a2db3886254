import type { FieldSources } from './definition.js';
import { type FieldSource, pathField } from './field.js';
import type { Batch } from './reader.js';
import type { ScanWish } from './scan.js';

/** Where `planOf` puts what is wished for; other values come after. */
export const KEY = 0;
export const LABEL = 1;
export const GROUP = 2;
export const TIME = 3;
export const VALUES = 4;

/** Reads values of samples, wherever each comes from; columns are asked of readers only once. */
export class FieldPlan {
  /** The columns that are needed, each once: what `Wanted.columns` has to be. */
  readonly columns: string[] = [];
  readonly #readers: ((batch: Batch | undefined, i: number, path: string) => string | undefined)[];

  constructor(sources: readonly (FieldSource | undefined)[]) {
    this.#readers = sources.map((source) => {
      if (source === undefined) return () => undefined;
      if (source.from === 'column') {
        const column = this.#column(source.name);
        return (batch, i) => batch?.field(i, column);
      }
      const read = onePath(pathField(source));
      return (_, __, path) => read(path);
    });
  }

  /** What the `k`th source says of the `i`th sample of a batch, which comes from the file at `path`. */
  read(k: number, batch: Batch | undefined, i: number, path: string): string | undefined {
    return this.#readers[k]?.(batch, i, path);
  }

  #column(name: string): number {
    const known = this.columns.indexOf(name);
    return known >= 0 ? known : this.columns.push(name) - 1;
  }
}

/** The same function; many samples in a row have one path. */
function onePath(read: (path: string) => string): (path: string) => string {
  let known: { path: string; value: string } | undefined;
  return (path) => {
    if (known?.path !== path) known = { path, value: read(path) };
    return known.value;
  };
}

/** The plan for what is wished for of samples with these sources. */
export function planOf({ key, label, group, time, values = [] }: ScanWish, fields: FieldSources): FieldPlan {
  return new FieldPlan([
    key === true ? fields.key : undefined,
    label === true ? fields.label : undefined,
    group === true ? fields.group : undefined,
    time === true ? fields.time : undefined,
    ...values,
  ]);
}
