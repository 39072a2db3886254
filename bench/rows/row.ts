import type { Figure } from '../figure.js';
import type { Tool } from '../tools/tool.js';

/** One thing that is measured, as `--only` takes its name. */
export interface Row {
  readonly name: string;
  readonly what: string;
  run(options: RowOptions): Promise<readonly Figure[] | Skipped>;
}

export interface RowOptions {
  readonly rounds: number;
  /** 1 is the full size; less only shows that it works. */
  readonly scale: number;
  /** The tools that this machine has. */
  readonly tools: readonly Tool[];
  /** Says how far it is. */
  report(line: string): void;
}

/** Why a row was not measured here. */
export interface Skipped {
  readonly skipped: string;
}
