import type { CheckedPath } from '../flows/check-ignore.js';

export interface CheckedPathView {
  readonly path: string;
  readonly ignored: boolean;
  /** The file with the pattern that decided, by its path in the workspace; null when none matched. */
  readonly source: string | null;
  readonly line: number | null;
  readonly pattern: string | null;
}

export function checkedPathView({ path, isIgnored, rule }: CheckedPath): CheckedPathView {
  return {
    path,
    ignored: isIgnored,
    source: rule?.source ?? null,
    line: rule?.line ?? null,
    pattern: rule?.pattern ?? null,
  };
}
