import { type HistoricVersion, keyOf } from '../flows/history.js';
import type { LoggedChange } from '../flows/log.js';
import type { VersionStat } from '../flows/version-stat.js';

export interface LogView {
  readonly seq: number;
  readonly time: string;
  readonly by: string;
  readonly name: string;
  readonly version: number | null;
  readonly tag: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly message: string | null;
  /** How much changed, of a version when it was asked for. */
  readonly stat?: VersionStat;
}

/** A version in the graph; other versions are written as `mnist:v3`. */
export interface HistoryView extends LogView {
  readonly parents: readonly string[];
  readonly tags: readonly string[];
  readonly sameAs: readonly string[];
}

export function historyView(found: HistoricVersion): HistoryView {
  const { parents, tags, sameAs } = found;
  return { ...logView(found), parents: parents.map(keyOf), tags, sameAs: sameAs.map(keyOf) };
}

export function logView({
  seq,
  time,
  by,
  name,
  version,
  tag,
  from,
  to,
  message,
  stat,
}: LoggedChange): LogView {
  return {
    seq,
    time,
    by,
    name,
    version: version ?? null,
    tag: tag ?? null,
    from: from?.toString() ?? null,
    to: to?.toString() ?? null,
    message: message ?? null,
    ...(stat === undefined ? {} : { stat }),
  };
}
