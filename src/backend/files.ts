import { type FileHandle, lstat, unlink } from 'node:fs/promises';
import { ioError, systemCode } from '../base/errors.js';

/** Size of a file, undefined when there is none at `path`. */
export async function sizeOf(path: string): Promise<number | undefined> {
  const stats = await orAbsent('reading', path, () => lstat(path));
  return stats?.isFile() ? stats.size : undefined;
}

/** Fills `target` from `offset` of the file; returns what it has of that. */
export async function readFully(handle: FileHandle, target: Buffer, offset: number): Promise<Uint8Array> {
  let filled = 0;
  while (filled < target.length) {
    const { bytesRead } = await handle.read(target, filled, target.length - filled, offset + filled);
    if (bytesRead === 0) break; // cut short by someone else: what is missing shows when it is checked
    filled += bytesRead;
  }
  return target.subarray(0, filled);
}

/** Removes a file, if it is there. */
export async function remove(path: string): Promise<void> {
  await orAbsent('removing', path, () => unlink(path));
}

/** Does `act`; undefined when nothing lies at `path`, and only then: other failures become DvsErrors. */
export async function orAbsent<T>(
  doing: string,
  path: string,
  act: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw ioError(error, doing, path);
  }
}
