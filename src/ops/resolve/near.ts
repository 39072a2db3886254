import { suggest } from '../../base/suggest.js';
import { datasetSchema } from '../../entities/dataset.js';
import type { CID } from '../../id/cid.js';
import { children } from '../../tree/children.js';
import { lookup } from '../../tree/read.js';
import type { NodeSource } from '../../tree/schema.js';

/** Names looked at in a folder: who mistyped waits for the answer. */
const MOST_LOOKED_AT = 2000;

/**
 * Paths of a dataset that come near one that it has not: follows the path as far as it goes, and looks there for names
 * like the one that is missing.
 */
export async function nearPaths(source: NodeSource, dataset: CID, path: string): Promise<string[]> {
  const segments = path.split('/');
  let folder = '';
  for (const [i, segment] of segments.entries()) {
    if (await hasFolder(source, dataset, `${folder}${segment}/`)) {
      folder += `${segment}/`;
      continue;
    }
    const names: string[] = [];
    for await (const name of children(datasetSchema, source, dataset, folder)) {
      if (names.push(name) === MOST_LOOKED_AT) break;
    }
    const rest = segments.slice(i + 1).join('/');
    const near = suggest(
      segment,
      names.map((name) => name.replace(/\/$/, '')),
    );
    return Promise.all(near.map((name) => completed(source, dataset, folder + name, rest)));
  }
  return [];
}

async function hasFolder(source: NodeSource, dataset: CID, folder: string): Promise<boolean> {
  for await (const _ of children(datasetSchema, source, dataset, folder)) return true;
  return false;
}

/** With what followed it, if that is there. */
async function completed(source: NodeSource, dataset: CID, near: string, rest: string): Promise<string> {
  const whole = `${near}/${rest}`;
  if (rest !== '' && (await lookup(datasetSchema, source, dataset, whole)) !== undefined) return whole;
  return near;
}
