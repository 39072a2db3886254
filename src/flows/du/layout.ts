import type { CID } from '../../id/cid.js';
import type { Divided, Series } from '../../ops/du/measure.js';

/** A row before anything was added up. */
export interface Row {
  readonly name: string | undefined;
  /** Of a version or folder. */
  readonly version: number | undefined;
  readonly id: CID | undefined;
  /** Of a folder, with a `/` at its end; `.` for the files directly there. */
  readonly path: string | undefined;
  /** Files and links. */
  readonly files: number;
  /** Of all these files. */
  readonly bytes: number;
}

/** A version of a name. */
export interface NamedDataset {
  readonly name: string;
  readonly version: number;
  readonly id: CID;
}

/** What has to be gone through, and which row each position belongs to; undefined for those that are not shown. */
export interface Layout {
  readonly series: readonly Series[];
  readonly divided: readonly Divided[];
  readonly rowOf: Uint32Array;
  readonly rows: readonly (Row | undefined)[];
}

/**
 * One row for each name, or each version; `rowFor` says what it is about, given its versions. `all`: name by name,
 * oldest first.
 */
export async function layoutOf(
  all: readonly NamedDataset[],
  by: 'name' | 'version',
  rowFor: (versions: readonly NamedDataset[]) => Promise<Row | undefined>,
): Promise<Layout> {
  const rowOf = new Uint32Array(all.length);
  const groups: NamedDataset[][] = [];
  for (const [i, version] of all.entries()) {
    if (by === 'name' && all[i - 1]?.name === version.name) groups.at(-1)?.push(version);
    else groups.push([version]);
    rowOf[i] = groups.length - 1;
  }
  const rows: (Row | undefined)[] = [];
  for (const group of groups) rows.push(await rowFor(group));
  return { series: seriesOf(all), divided: [], rowOf, rows };
}

/** The folders of a dataset that are to have rows, and to which of them a path belongs. */
export interface Division {
  readonly root: CID;
  readonly rows: readonly Row[];
  /** Indices of rows. */
  rowsOf(path: string): readonly number[];
}

/** Rows for folders; each dataset has one more, not shown, for what is in none of them, and so have all `others`. */
export function layoutOfFolders(others: readonly NamedDataset[], divisions: readonly Division[]): Layout {
  const rows: (Row | undefined)[] = [undefined];
  const divided: Divided[] = [];
  for (const { root, rows: own, rowsOf } of divisions) {
    const first = rows.length;
    const positionOf = (row: number): number => others.length - 1 + row;
    rows.push(undefined, ...own);
    divided.push({
      root,
      positionsOf(path) {
        const found = rowsOf(path);
        return found.length === 0 ? [positionOf(first)] : found.map((index) => positionOf(first + 1 + index));
      },
    });
  }
  // All other versions together are the first row; then each row has one position.
  const rowOf = new Uint32Array(others.length + rows.length - 1);
  for (let row = 1; row < rows.length; row++) rowOf[others.length - 1 + row] = row;
  return { series: seriesOf(others), divided, rowOf, rows };
}

function seriesOf(versions: readonly NamedDataset[]): Series[] {
  const series: { name: string; roots: CID[] }[] = [];
  for (const { name, id } of versions) {
    const last = series.at(-1);
    if (last?.name === name) last.roots.push(id);
    else series.push({ name, roots: [id] });
  }
  return series;
}
