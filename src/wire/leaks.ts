import type { FoundLeak, LeaksReport } from '../flows/leaks.js';

export interface LeaksView {
  /** What was looked at. */
  readonly id: string;
  /** The content that the report was stored as; null with a dry run. */
  readonly report: string | null;
  readonly parts: readonly string[];
  readonly checks: readonly { readonly name: string; readonly what: string }[];
  readonly skipped: readonly { readonly name: string; readonly why: string }[];
  readonly ignored: readonly string[];
  readonly leaks: readonly FoundLeak[];
  readonly unlisted: number;
}

export function leaksView({
  id,
  report,
  parts,
  checks,
  skipped,
  ignored,
  leaks,
  unlisted,
}: LeaksReport): LeaksView {
  return {
    id: id.toString(),
    report: report?.toString() ?? null,
    parts,
    checks,
    skipped,
    ignored,
    leaks,
    unlisted,
  };
}
