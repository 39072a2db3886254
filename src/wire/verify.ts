import type { Problem, VerifyReport } from '../ops/verify/report.js';

export interface ProblemView {
  readonly path: string;
  readonly pack: string | null;
  readonly id: string | null;
  readonly why: string;
}

export interface VerifyView {
  readonly objects: number;
  readonly bytes: number;
  readonly damaged: readonly ProblemView[];
  readonly missing: readonly ProblemView[];
}

export function verifyView({ objects, bytes, damaged, missing }: VerifyReport): VerifyView {
  return { objects, bytes, damaged: damaged.map(problemView), missing: missing.map(problemView) };
}

function problemView({ path, pack, id, why }: Problem): ProblemView {
  return { path, pack: pack ?? null, id: id ?? null, why };
}
