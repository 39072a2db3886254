import type { LeaksReport } from '../flows/leaks.js';

/** A look for leaks, as JSON: the report as it is, with its IDs as text. */
export interface LeaksView extends Omit<LeaksReport, 'id' | 'report'> {
  /** What was looked at. */
  readonly id: string;
  /** The content that the report was stored as; null with a dry run. */
  readonly report: string | null;
}

export function leaksView({ id, report, ...found }: LeaksReport): LeaksView {
  return { id: id.toString(), report: report?.toString() ?? null, ...found };
}
