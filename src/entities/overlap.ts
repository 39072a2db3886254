import { compareUtf8 } from '../base/bytes.js';
import { DvsError } from '../base/errors.js';
import type { CID } from '../id/cid.js';
import { Cursor, nodeReader } from '../tree/cursor.js';
import type { NodeSource } from '../tree/schema.js';
import { datasetSchema } from './dataset.js';

/** Paths whose probes are in memory at once. */
const AT_ONCE = 10_000;

/**
 * Refuses (E_PATH) a dataset in which one of the `added` paths lies beneath an entry or has an entry beneath it: the
 * rule that building checks by itself, for the paths that an edit put into an older dataset. Reads only
 * around those paths, in one pass for some thousands.
 */
export async function assertNoOverlap(
  source: NodeSource,
  root: CID,
  added: Iterable<{ readonly path: string }>,
): Promise<void> {
  let batch: string[] = [];
  for (const { path } of added) {
    if (batch.push(path) < AT_ONCE) continue;
    await assertApart(source, root, batch);
    batch = [];
  }
  await assertApart(source, root, batch);
}

async function assertApart(source: NodeSource, root: CID, paths: readonly string[]): Promise<void> {
  const cursor = await Cursor.open(nodeReader(datasetSchema, source), root);
  const wanted = probes(paths);
  for (const probe of [...wanted.keys()].sort(compareUtf8)) {
    const found = await cursor.seekFrom(probe);
    const clashes = probe.endsWith('/') ? found?.key.startsWith(probe) : found?.key === probe;
    if (clashes === true && found !== undefined) {
      const path = wanted.get(probe) ?? probe;
      throw new DvsError('E_PATH', `a dataset cannot hold both ${found.key} and ${path}`, {
        about: [found.key, path],
        hint: `A path is either a file or a folder. Remove one first, such as \`dvs rm <name>/${found.key}\`, or choose another name.`,
      });
    }
  }
}

/** What must not be there, with the path that forbids it: the folders above as entries, anything beneath. */
function probes(paths: Iterable<string>): Map<string, string> {
  const wanted = new Map<string, string>();
  for (const path of paths) {
    wanted.set(`${path}/`, path);
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1))
      wanted.set(path.slice(0, at), path);
  }
  return wanted;
}
