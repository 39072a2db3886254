import { DvsError } from '../base/errors.js';
import { datasetSchema } from '../entities/dataset.js';
import { entries } from '../tree/read.js';
import { findDataset } from './references.js';
import type { Repository } from './repository.js';

/** A row of a listing. A link has a target and no ID. */
export interface ListedEntry {
  readonly path: string;
  readonly type: 'file' | 'link' | 'folder';
  readonly id: string | undefined;
  readonly size: number;
  readonly target: string | undefined;
  /** Files and links in a folder; undefined for others. */
  readonly files: number | undefined;
}

/** The entries of a dataset, or of what lies at the path after the reference, in byte order. */
export async function* list(
  repo: Repository,
  reference: string,
  { folders = false }: { readonly folders?: boolean } = {},
): AsyncGenerator<ListedEntry> {
  const { id, path } = await findDataset(repo, reference);
  let found = false;
  const rows = folders ? oneLevel(repo, id, path) : everything(repo, id, path);
  for await (const row of rows) {
    found = true;
    yield row;
  }
  if (found || path === '') return;
  throw new DvsError('E_NOT_FOUND', `the dataset has nothing at ${path}`, {
    about: [path],
    hint: 'List all of it with `dvs ls`.',
  });
}

type Dataset = Awaited<ReturnType<typeof findDataset>>['id'];

async function* everything(repo: Repository, id: Dataset, path: string): AsyncGenerator<ListedEntry> {
  for await (const { key, value } of entries(datasetSchema, repo.store.objects, id, { prefix: path })) {
    if (path !== '' && key !== path && !key.startsWith(`${path}/`)) continue;
    yield value.type === 'file'
      ? {
          path: key,
          type: 'file',
          id: value.id.toString(),
          size: value.size,
          target: undefined,
          files: undefined,
        }
      : { path: key, type: 'link', id: undefined, size: 0, target: value.target, files: undefined };
  }
}

/** Files and links directly there; what lies deeper is summed up by folder. */
async function* oneLevel(repo: Repository, id: Dataset, path: string): AsyncGenerator<ListedEntry> {
  const depth = path === '' ? 0 : path.length + 1;
  let folder: { path: string; files: number; size: number } | undefined;
  for await (const row of everything(repo, id, path)) {
    const slash = row.path.indexOf('/', depth);
    const name = slash < 0 ? undefined : row.path.slice(0, slash);
    if (folder !== undefined && folder.path !== name) yield folderRow(folder);
    if (name === undefined) {
      folder = undefined;
      yield row;
    } else {
      folder = folder?.path === name ? folder : { path: name, files: 0, size: 0 };
      folder.files++;
      folder.size += row.size;
    }
  }
  if (folder !== undefined) yield folderRow(folder);
}

function folderRow({ path, files, size }: { path: string; files: number; size: number }): ListedEntry {
  return { path, type: 'folder', id: undefined, size, target: undefined, files };
}
