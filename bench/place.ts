import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { sameFiles } from './files.js';
import type { Place, Tool } from './tools/tool.js';

/** Makes the folders for one turn. `data` in the work folder is for the caller to put there. */
export function makePlace(root: string): Place & { readonly data: string } {
  const place = {
    work: join(root, 'work'),
    repository: join(root, 'repository'),
    home: join(root, 'home'),
    restored: join(root, 'restored'),
  };
  for (const folder of Object.values(place)) mkdirSync(folder, { recursive: true });
  return { ...place, data: join(place.work, 'data') };
}

/** Speed counts only for who brings back every byte. */
export function assertRestored(tool: Tool, { work, restored }: Place): void {
  if (sameFiles(join(work, 'data'), join(restored, 'data'))) return;
  throw new Error(`${tool.name} did not restore what it was given`);
}
