import { datasetSchema, type FileEntry } from '../../entities/dataset.js';
import type { CID } from '../../id/cid.js';
import { entriesWithin } from '../../tree/read.js';
import type { NodeSource } from '../../tree/schema.js';
import { matcher, prefixesOf } from '../../workspace/patterns.js';

/** A file of a dataset. */
export interface DatasetFile {
  readonly path: string;
  readonly entry: FileEntry;
}

/** Which files samples are read from: those that `paths` choose, or without any those that the reader claims. */
export interface Choice {
  readonly paths: readonly string[];
  claims(path: string): boolean;
}

/** The chosen files of a dataset in byte order. Links are passed by: what they lead to is a file itself. */
export async function* chosenFiles(
  source: NodeSource,
  dataset: CID,
  choice: Choice,
): AsyncGenerator<DatasetFile, void, undefined> {
  const { paths, claims } = choice;
  const isChosen = paths.length > 0 ? matcher(paths) : claims;
  for await (const { key, value } of entriesWithin(datasetSchema, source, dataset, prefixesOf(paths))) {
    if (value.type === 'file' && isChosen(key)) yield { path: key, entry: value };
  }
}
