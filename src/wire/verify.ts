import type { Problem } from '../ops/verify/problems.js';
import type { VerifyReport } from '../ops/verify/report.js';

export interface ProblemView {
  readonly path: string;
  readonly pack: string | null;
  readonly id: string | null;
  readonly why: string;
}

/** Lists that are made as they are read: they may be long. */
export interface VerifyView {
  readonly objects: number;
  readonly bytes: number;
  readonly damaged: Iterable<ProblemView>;
  readonly missing: Iterable<ProblemView>;
  /** Samples, splits and permutations that were made once more. */
  readonly recomputed: number;
  /** Problems that there was no room to list. */
  readonly unlisted: number;
}

export function verifyView({ objects, bytes, recomputed, damaged, missing }: VerifyReport): VerifyView {
  return {
    objects,
    bytes,
    recomputed,
    damaged: views(damaged),
    missing: views(missing),
    unlisted: damaged.unlisted + missing.unlisted,
  };
}

/** The same, one by one: each problem, then how many there are. */
export function* verifyLines(report: VerifyReport): Generator<object> {
  const { objects, bytes, recomputed, damaged, missing } = report;
  for (const problem of views(damaged)) yield { line: 'damaged', ...problem };
  for (const problem of views(missing)) yield { line: 'missing', ...problem };
  const unlisted = damaged.unlisted + missing.unlisted;
  yield {
    line: 'total',
    objects,
    bytes,
    recomputed,
    damaged: damaged.length,
    missing: missing.length,
    unlisted,
  };
}

function* views(problems: Iterable<Problem>): Generator<ProblemView> {
  for (const { path, pack, id, why } of problems) yield { path, pack: pack ?? null, id: id ?? null, why };
}
