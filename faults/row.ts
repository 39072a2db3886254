/** One row of `docs/reliability.md`: a way to break a store, and what must hold all the same. */
export interface Row {
  /** As `--only` takes it. */
  readonly name: string;
  /** What is done to the store, in a few words. */
  readonly what: string;
  /** What has to hold. */
  readonly figure: string;
  run(options: RowOptions): Promise<Outcome>;
}

export interface RowOptions {
  /** 1 runs the whole row, less a share of it: `npm test` runs samples. */
  readonly scale: number;
  /** The same seed does the same things, as far as instants of time can be chosen. */
  readonly seed: number;
  /** Says how far it is. */
  report(line: string): void;
}

export interface Outcome {
  /** What was done and seen, as "crash points": 2104. Printed in this order. */
  readonly counts: Readonly<Record<string, number>>;
  /** What did not hold, each with what is needed to see it again. Empty is success. */
  readonly failures: readonly string[];
  /** Why nothing was run here, such as no right to mount. */
  readonly skipped?: string;
}

/** How many of `full` are to be run at this scale; at least one. */
export function scaled(full: number, { scale }: Pick<RowOptions, 'scale'>): number {
  return Math.max(1, Math.round(full * scale));
}
