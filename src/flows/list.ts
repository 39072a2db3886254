import { type DatasetEntry, datasetSchema } from '../entities/dataset.js';
import { isWithin } from '../entities/path.js';
import { keepingReader, level } from '../ops/folders/level.js';
import { entries, lookup } from '../tree/read.js';
import { findDataset, nothingAt } from './references.js';
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
  throw await nothingAt(repo, reference, { id, path }, 'is nothing in that dataset');
}

type Dataset = Awaited<ReturnType<typeof findDataset>>['id'];

async function* everything(repo: Repository, id: Dataset, path: string): AsyncGenerator<ListedEntry> {
  for await (const { key, value } of entries(datasetSchema, repo.store.objects, id, { prefix: path })) {
    if (path !== '' && !isWithin(key, path)) continue;
    yield entryRow(key, value);
  }
}

/** What lies directly there; what lies deeper is summed up by folder. */
async function* oneLevel(repo: Repository, id: Dataset, path: string): AsyncGenerator<ListedEntry> {
  const { objects } = repo.store;
  const file = path === '' ? undefined : await lookup(datasetSchema, objects, id, path);
  if (file !== undefined) yield entryRow(path, file);
  for await (const child of level(keepingReader(objects), id, path)) {
    if (child.type === 'entry') yield entryRow(child.path, child.entry);
    else {
      const { bytes: size, files } = child;
      yield { path: child.path, type: 'folder', id: undefined, size, target: undefined, files };
    }
  }
}

function entryRow(path: string, entry: DatasetEntry): ListedEntry {
  return entry.type === 'file'
    ? { path, type: 'file', id: entry.id.toString(), size: entry.size, target: undefined, files: undefined }
    : { path, type: 'link', id: undefined, size: 0, target: entry.target, files: undefined };
}
