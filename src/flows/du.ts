import { DvsError } from '../base/errors.js';
import { datasetSchema } from '../entities/dataset.js';
import type { CID } from '../id/cid.js';
import { measure } from '../ops/du/measure.js';
import { type Share, Tally } from '../ops/du/tally.js';
import { kindOf } from '../ops/resolve/resolve.js';
import { names, versions } from '../store/catalogue/names.js';
import { describe, entries } from '../tree/read.js';
import { readLock } from '../workspace/lock.js';
import {
  type Division,
  type Layout,
  layoutOf,
  layoutOfFolders,
  type NamedDataset,
  type Row,
} from './du/layout.js';
import { findDataset } from './references.js';
import type { Repository } from './repository.js';

/** What a row is about: a name with all its versions, a version, or a folder directly in what a reference names. */
export const DU_BY = ['name', 'version', 'folder'] as const;
/** What a row stands for. */
export type DuBy = (typeof DU_BY)[number];

/** What to measure, and in which rows. */
export interface DuOptions {
  /** Datasets, or folders in them; a name alone stands for all its versions. None means all names. */
  readonly references?: readonly string[];
  /** Default: `name` without references, `folder` for folders, else `version`. */
  readonly by?: DuBy;
}

/** See `du` for what is counted. `files` and `bytes` of a name are those of all its versions added up. */
export interface DuRow extends Row, Share {}

/** What was measured, row by row and together. */
export interface Du {
  readonly by: DuBy;
  readonly rows: readonly DuRow[];
  /** Bytes in packs of all rows together, what they share counted once. */
  readonly stored: number;
}

/**
 * How much room contents take up in packs. `stored` is what a row has, each object once; `unique` is the part of it that
 * nothing else has: no other row, and no other version of any name in the store. That is what could go if only this
 * went. Lists of files, recipes, log and index are not counted. E_USAGE, E_NOT_FOUND, E_MISSING.
 */
export async function du(repo: Repository, { references = [], by }: DuOptions = {}): Promise<Du> {
  await repo.store.refresh();
  const wanted: Wanted[] = [];
  for (const reference of references) wanted.push(await wantedOf(repo, reference));
  const how = by ?? defaultBy(wanted);
  const layout = await (how === 'folder' ? folderLayout(repo, wanted) : nameLayout(repo, wanted, how));
  const isShown = layout.rows.map((row) => row !== undefined);
  const tally = new Tally(layout.rowOf, isShown);
  await measure({ ...layout, tally, store: repo.store, scratch: repo.scratch, progress: repo.progress });
  const shares = tally.shares();
  const rows = layout.rows.flatMap((row, i) => {
    const share = shares[i];
    return row === undefined || share === undefined ? [] : [{ ...row, ...share }];
  });
  return { by: how, rows, stored: tally.total };
}

/** What a reference names. */
interface Wanted {
  readonly reference: string;
  readonly id: CID;
  readonly name: string | undefined;
  readonly version: number | undefined;
  readonly path: string;
  /** Whether it is a name alone. */
  readonly isName: boolean;
}

async function wantedOf(repo: Repository, reference: string): Promise<Wanted> {
  const { id, name, version, path } = await findDataset(repo, reference);
  const isTracked = (await readLock(repo.workspace)).has(reference.replace(/\/+$/, ''));
  return { reference, id, name, version, path, isName: path === '' && (reference === name || isTracked) };
}

function defaultBy(wanted: readonly Wanted[]): DuBy {
  if (wanted.length === 0) return 'name';
  return wanted.some(({ path }) => path !== '') ? 'folder' : 'version';
}

async function nameLayout(
  repo: Repository,
  wanted: readonly Wanted[],
  by: 'name' | 'version',
): Promise<Layout> {
  for (const { reference, name, version, path, isName } of wanted) {
    if (path === '' && name !== undefined && (isName || version !== undefined)) continue;
    throw new DvsError('E_USAGE', `${reference} is no version of a name`, {
      about: [reference],
      hint: `See what its folders take up: \`dvs du ${reference} --by folder\`.`,
    });
  }
  const isWanted = ({ name, version }: NamedDataset): boolean =>
    wanted.length === 0 ||
    wanted.some((one) => one.name === name && (by === 'name' || one.isName || one.version === version));
  const rowFor = async (group: readonly NamedDataset[]): Promise<Row | undefined> => {
    const [first] = group;
    if (first === undefined || !isWanted(first)) return undefined;
    const { name, version, id } = first;
    const one = by === 'version' ? { version, id } : { version: undefined, id: undefined };
    return { name, ...one, path: undefined, ...(await sizeOf(repo, group)) };
  };
  return layoutOf(await allVersions(repo), by, rowFor);
}

async function sizeOf(
  { store }: Repository,
  datasets: readonly NamedDataset[],
): Promise<{ files: number; bytes: number }> {
  const sum = { files: 0, bytes: 0 };
  for (const { id } of datasets) {
    const { count, bytes } = await describe(datasetSchema, store.objects, id);
    sum.files += count;
    sum.bytes += bytes;
  }
  return sum;
}

async function folderLayout(repo: Repository, wanted: readonly Wanted[]): Promise<Layout> {
  if (wanted.length === 0) {
    throw new DvsError('E_USAGE', 'it takes a dataset to look at its folders', {
      hint: 'Name one: `dvs du <name> --by folder`; `dvs ls` lists the names.',
    });
  }
  const divisions: Division[] = [];
  for (const { id } of wanted) {
    if (divisions.some(({ root }) => root.equals(id))) continue;
    const sections = wanted.filter((one) => one.id.equals(id));
    divisions.push(await divisionOf(repo, id, sections));
  }
  const isDivided = (id: CID): boolean => divisions.some(({ root }) => root.equals(id));
  const all = await allVersions(repo);
  return layoutOfFolders(
    all.filter(({ id }) => !isDivided(id)),
    divisions,
  );
}

/** A row for each folder directly in the parts of a dataset that are wanted, and one for the files beside them. */
async function divisionOf(repo: Repository, root: CID, sections: readonly Wanted[]): Promise<Division> {
  const rows: (Row & { files: number; bytes: number })[] = [];
  const indexOf = new Map<string, number>();
  for (const { reference, name, version, id, path } of new Map(
    sections.map((one) => [one.path, one]),
  ).values()) {
    const before = rows.length;
    for await (const { key, value } of entries(datasetSchema, repo.store.objects, root, { prefix: path })) {
      const folder = folderIn(path, key);
      if (folder === undefined) continue;
      const known = indexOf.get(folder);
      const index = known ?? rows.push({ name, version, id, path: folder, files: 0, bytes: 0 }) - 1;
      indexOf.set(folder, index);
      const row = rows[index];
      if (row === undefined) continue;
      row.files++;
      row.bytes += datasetSchema.bytes(value);
    }
    if (rows.length > before || path === '') continue;
    throw new DvsError('E_NOT_FOUND', `the dataset has no folder ${path}`, {
      about: [reference],
      hint: `List what it has: \`dvs ls ${reference.slice(0, -path.length - 1)}\`.`,
    });
  }
  const paths = sections.map(({ path }) => path);
  const rowsOf = (key: string): number[] =>
    paths.flatMap((path) => indexOf.get(folderIn(path, key) ?? '') ?? []);
  return { root, rows, rowsOf };
}

/** The folder directly in `path` that `key` lies in; `path` itself for a file directly there. */
function folderIn(path: string, key: string): string | undefined {
  const start = path === '' ? 0 : path.length + 1;
  if (start > 0 && !key.startsWith(`${path}/`)) return undefined;
  const slash = key.indexOf('/', start);
  return slash < 0 ? `${path === '' ? '.' : path}` : key.slice(0, slash + 1);
}

/** Every version of every name that is a dataset, name by name, oldest first. */
async function allVersions({ store }: Repository): Promise<NamedDataset[]> {
  const found = await store.query(async (session) => {
    const all: NamedDataset[] = [];
    for await (const { name } of names(session)) {
      const own: NamedDataset[] = [];
      for await (const { version, id } of versions(session, name)) own.push({ name, version, id });
      all.push(...own.reverse());
    }
    return all;
  });
  const datasets: NamedDataset[] = [];
  for (const one of found) if ((await kindOf(store, one)) === datasetSchema.kind) datasets.push(one);
  return datasets;
}
