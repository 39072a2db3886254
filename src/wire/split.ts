import type { CarriedOver, RecordedSplit } from '../flows/split.js';
import { type MadeView, madeView } from './made.js';
import { type ValueView, valueView } from './value.js';

export interface SplitView extends MadeView {
  readonly samples: string;
  /** The part that was divided; null when all samples were. */
  readonly of: { readonly split: string; readonly part: string } | null;
  readonly method: ValueView;
  readonly total: number;
  readonly parts: readonly { readonly name: string; readonly count: number; readonly members: string }[];
  /** Of a split that was carried over, else null. */
  readonly carried: CarriedOver | null;
}

export function splitView(recorded: RecordedSplit): SplitView {
  const { split, total, carried } = recorded;
  const { samples, of, method, parts } = split;
  return {
    ...madeView(recorded),
    samples: samples.toString(),
    of: of === undefined ? null : { split: of.split.toString(), part: of.part },
    method: valueView(method),
    total,
    parts: parts.map(({ name, count, members }) => ({ name, count, members: members.toString() })),
    carried: carried ?? null,
  };
}
