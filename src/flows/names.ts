import { datasetSchema } from '../entities/dataset.js';
import type { CID } from '../id/cid.js';
import { kindOf } from '../ops/resolve/resolve.js';
import { names } from '../store/catalogue/names.js';
import type { NameValue } from '../store/catalogue/records.js';
import { describe } from '../tree/read.js';
import type { Repository } from './repository.js';

/** A name and what it points to now. */
export interface ListedName {
  readonly name: string;
  readonly version: number;
  readonly id: CID;
  readonly kind: string;
  /** Files and links, and their bytes; undefined for what is no dataset. */
  readonly files: number | undefined;
  readonly bytes: number | undefined;
}

/** Every name of the store with its latest value, in byte order. */
export async function* listNames({ store }: Repository): AsyncGenerator<ListedName> {
  await store.refresh();
  const found = await store.query(async (session) => {
    const all: (NameValue & { name: string })[] = [];
    for await (const named of names(session)) all.push(named);
    return all;
  });
  for (const { name, version, id } of found) {
    const kind = await kindOf(store, { id, version });
    const isDataset = kind === datasetSchema.kind;
    const root = isDataset ? await describe(datasetSchema, store.objects, id) : undefined;
    yield { name, version, id, kind, files: root?.count, bytes: root?.bytes };
  }
}
