import { copyFile, type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ioError, systemCode } from '../base/errors.js';
import { makePath } from '../base/make-path.js';
import { ownedName } from '../base/owner.js';

/**
 * Writes a file that must not exist yet and makes its bytes durable; its name is durable after `syncFolder`.
 * When that fails nothing stays: after a failed fsync nobody knows what the disk holds.
 */
export async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  await discardOnFailure(path, async () => {
    const handle = await open(path, 'wx');
    await syncAndClose(handle, () => handle.writeFile(bytes));
  });
}

/** Like `writeSynced`, with the bytes of another file. */
export async function copySynced(from: string, to: string): Promise<void> {
  await discardOnFailure(to, async () => {
    await copyFile(from, to);
    await syncAndClose(await open(to, 'r+'));
  });
}

/**
 * Replaces a file, or makes it, in one step: at every instant, also after a power cut, there are the old bytes or
 * the new ones. Which of the two a power cut soon after leaves is not said: to know would cost one more wait for the
 * disk. With `staging`, a folder that `sweepTemp` tends, a killed process leaves nothing beside the file. It keeps its
 * permissions; `newMode` are those of one that was not there, less the umask.
 */
export async function replaceFile(
  path: string,
  bytes: Uint8Array,
  staging?: string,
  newMode = 0o666,
): Promise<void> {
  const staged = staging === undefined ? `${path}.${ownedName()}` : join(staging, ownedName());
  try {
    await discardOnFailure(staged, async () => {
      const mode = await modeOf(path);
      const handle = await open(staged, 'wx', newMode);
      await syncAndClose(handle, async () => {
        await handle.writeFile(bytes);
        if (mode !== undefined) await handle.chmod(mode);
      });
      await rename(staged, path);
    });
  } catch (error) {
    const isElsewhere = error instanceof Error && systemCode(error.cause ?? error) === 'EXDEV';
    if (staging === undefined || !isElsewhere) throw error;
    await replaceFile(path, bytes, undefined, newMode);
  }
}

/** Makes the names in a folder durable: whatever was created, moved or linked there before the call. */
export async function syncFolder(path: string): Promise<void> {
  try {
    await syncAndClose(await open(path, 'r'));
  } catch (error) {
    throw ioError(error, 'syncing the folder', path);
  }
}

/** Makes a folder with all above it, and makes the names of those that were missing durable. */
export async function makeFolder(path: string): Promise<void> {
  let first: string | undefined;
  try {
    first = makePath(path);
  } catch (error) {
    throw ioError(error, 'making the folder', path);
  }
  if (first === undefined) return;
  const top = dirname(first);
  for (let made = path; made !== top; made = dirname(made)) await syncFolder(dirname(made));
}

/**
 * Makes folders with these names in `parent`, which is made too. All are durable then, also those that were there:
 * who made them may have been stopped before that.
 */
export async function makeFolders(parent: string, names: readonly string[]): Promise<void> {
  await makeFolder(parent);
  for (const name of names) {
    const path = join(parent, name);
    try {
      await ensureFolder(path);
    } catch (error) {
      throw ioError(error, 'making the folder', path);
    }
  }
  await syncFolder(parent);
}

/** Makes a folder that nothing durable depends on; whatever lies there already stays. */
export async function ensureFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') makePath(path);
    else if (code !== 'EEXIST') throw error;
  }
}

async function syncAndClose(handle: FileHandle, before?: () => Promise<void>): Promise<void> {
  try {
    await before?.();
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function discardOnFailure(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    await rm(path, { force: true });
    throw ioError(error, 'writing', path);
  }
}

async function modeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mode & 0o777;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
