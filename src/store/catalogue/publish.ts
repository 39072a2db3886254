import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isOwnerAlive } from '../../base/owner.js';
import {
  listFolder,
  type Manifest,
  makerOf,
  publishManifest,
  readManifest,
  readNewestManifest,
  removeManifest,
} from './manifest.js';

/** Puts a manifest, whose first table is new, in place under this number; false when another one counts instead. */
export async function publish(folder: string, generation: number, manifest: Manifest): Promise<boolean> {
  if (!(await publishManifest(folder, generation, manifest))) return false;
  const { generations, others } = await listFolder(folder);
  if (generations.at(-1) === generation) {
    await sweep(folder, { generation, manifest, older: generations.slice(0, -1), others }).catch(() => {
      // What stays behind is in nobody's way, and the next one tries again.
    });
    return true;
  }
  // Others went on from it; or long before, and the number was free because they had removed what bore it.
  await removeManifest(folder, generation);
  const later = await readNewestManifest(folder);
  return later?.tables.some(({ name }) => name === manifest.tables[0]?.name) === true;
}

/** Removes older manifests with the tables only they list, and what ended processes left. */
async function sweep(
  folder: string,
  found: { generation: number; manifest: Manifest; older: readonly number[]; others: readonly string[] },
): Promise<void> {
  const listed = new Set(found.manifest.tables.map(({ name }) => name));
  const remove = (name: string): Promise<void> => rm(join(folder, name), { force: true });
  for (const generation of found.older) {
    const manifest = await readManifest(folder, generation).catch(() => undefined);
    for (const { name } of manifest?.tables ?? []) if (!listed.has(name)) await remove(name);
    await removeManifest(folder, generation);
  }
  const left = found.others.filter((name) => {
    const maker = listed.has(name) ? undefined : makerOf(name);
    return maker !== undefined && !isOwnerAlive(maker);
  });
  if (left.length === 0) return;
  // One that ended may have put a manifest in place shortly before.
  const { generations } = await listFolder(folder);
  if (generations.at(-1) === found.generation) for (const name of left) await remove(name);
}
