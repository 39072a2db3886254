import { readdir } from 'node:fs/promises';
import { ioError } from '../base/errors.js';
import { IgnoreLookup } from './ignore/lookup.js';

/** dvs's own files, and git's. */
const OWN = new Set(['.dvs', '.git', '.gitignore', '.gitattributes', 'dvs.lock', 'dvs.toml', '.dvsignore']);

/**
 * What lies at the top of the workspace, holds nothing tracked and is not ignored, in byte order, folders with a `/`. Names
 * that are no UTF-8 show with a replacement character.
 */
export async function listUntracked(root: string, tracked: readonly string[]): Promise<string[]> {
  const tops = new Set(tracked.map((path) => path.split('/')[0]));
  const rules = new IgnoreLookup(root, []);
  try {
    const found = await readdir(root, { withFileTypes: true });
    return found
      .filter(({ name }) => !OWN.has(name) && !tops.has(name))
      .filter((item) => !rules.isIgnored(item.name, item.isDirectory()))
      .map((item) => (item.isDirectory() ? `${item.name}/` : item.name))
      .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  } catch (error) {
    throw ioError(error, 'reading', root);
  }
}
