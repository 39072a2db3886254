import type { Du, DuBy, DuRow } from '../flows/du.js';

export interface DuRowView {
  readonly name: string | null;
  readonly version: number | null;
  readonly id: string | null;
  readonly path: string | null;
  readonly files: number;
  readonly bytes: number;
  readonly stored: number;
  readonly shared: number;
  readonly unique: number;
}

export interface DuView {
  readonly by: DuBy;
  readonly stored: number;
  readonly rows: readonly DuRowView[];
}

export function duView({ by, rows, stored }: Du): DuView {
  return { by, stored, rows: rows.map(duRowView) };
}

export function duRowView({ name, version, id, path, files, bytes, stored, unique }: DuRow): DuRowView {
  return {
    name: name ?? null,
    version: version ?? null,
    id: id?.toString() ?? null,
    path: path ?? null,
    files,
    bytes,
    stored,
    shared: stored - unique,
    unique,
  };
}

/** For `--jsonl`: each row, then what they have together. */
export function* duLines({ rows, ...total }: DuView): Generator<object> {
  for (const row of rows) yield { line: 'row', ...row };
  yield { line: 'total', ...total };
}
