import { DvsError } from '../../base/errors.js';
import { isOwnerAlive } from '../../base/owner.js';
import { CatalogueDamage } from './damage.js';
import {
  createManifest,
  discard,
  discardManifest,
  isOutdated,
  listFolder,
  type Manifest,
  makerOf,
  newestGeneration,
  readManifest,
} from './manifest.js';

/**
 * Puts a manifest, whose first table is new, in place under this number; false when another one counts instead, and none ever
 * will list that table. When it fails, the manifest is not in place.
 */
export async function publish(folder: string, generation: number, manifest: Manifest): Promise<boolean> {
  if (await createManifest(folder, generation, manifest)) {
    // From here on the manifest may count for others, so that nothing may fail any more.
    return settle(folder, generation, manifest).catch(() => true);
  }
  if ((await newestGeneration(folder)) >= generation) return false;
  throw new DvsError('E_IO', `cannot list what is in ${folder}`, {
    about: [folder],
    hint: 'Check the permissions of that folder.',
  });
}

async function settle(folder: string, generation: number, manifest: Manifest): Promise<boolean> {
  const { generations, others } = await listFolder(folder);
  const newest = generations.at(-1) ?? 0;
  if (newest > generation) {
    // Others went on from it; or long before, and the number was free because they had removed what bore it.
    await discardManifest(folder, generation);
    return isListed(folder, manifest.tables[0]?.name);
  }
  await sweepOlder(folder, generations.slice(0, -1), manifest);
  await sweepLeft(folder, others, { generation, manifest });
  return true;
}

/** True also when it cannot be told. */
async function isListed(folder: string, name: string | undefined): Promise<boolean> {
  const newest = await readManifest(folder, await newestGeneration(folder)).catch((error: unknown) => {
    if (error instanceof CatalogueDamage) return undefined;
    throw error;
  });
  return newest === undefined || newest.tables.some((table) => table.name === name);
}

/** Removes older manifests with the tables that only they list. */
async function sweepOlder(folder: string, older: readonly number[], { tables }: Manifest): Promise<void> {
  const listed = new Set(tables.map(({ name }) => name));
  for (const generation of older) {
    const manifest = await readManifest(folder, generation).catch(() => undefined);
    for (const { name } of manifest?.tables ?? []) if (!listed.has(name)) await discard(folder, name);
    await discardManifest(folder, generation);
  }
}

/** Removes what processes left that ended, and what other layouts left. */
async function sweepLeft(
  folder: string,
  names: readonly string[],
  { generation, manifest }: { generation: number; manifest: Manifest },
): Promise<void> {
  const listed = new Set(manifest.tables.map(({ name }) => name));
  const left = names.filter((name) => {
    const maker = listed.has(name) ? undefined : makerOf(name);
    return isOutdated(name) || (maker !== undefined && !isOwnerAlive(maker));
  });
  // One that ended may have put a manifest in place after the folder was listed.
  if (left.length === 0 || (await newestGeneration(folder)) !== generation) return;
  for (const name of left) await discard(folder, name);
}
