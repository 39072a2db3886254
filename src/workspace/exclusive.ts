import { randomInt } from 'node:crypto';
import { readdir, rename, rm, rmdir, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DvsError, ioError, systemCode } from '../base/errors.js';
import { makePath } from '../base/make-path.js';
import { isHere, isOwnerAlive, ownedName, ownerOf } from '../base/owner.js';

const PATIENCE_MS = 30_000;
const LONGEST_PAUSE_MS = 50;

/**
 * Runs `run` while no other call with the same `path`, in whatever process, does: for sections of
 * milliseconds. The lock of an ended process of this host is taken away; one that is held for longer than
 * `patienceMs` is E_BUSY.
 *
 * The lock is a folder at `path` with one file in it, whose name says who holds it. A folder can be renamed
 * onto an empty one but not onto another, so of all who try one gets it, complete with its name. And as a
 * lock is taken away by removing the file of exactly that holder, nobody who judges too late can hit the next.
 */
export async function exclusive<T>(
  path: string,
  run: () => Promise<T> | T,
  { patienceMs = PATIENCE_MS }: { readonly patienceMs?: number } = {},
): Promise<T> {
  const token = ownedName();
  try {
    await acquire(path, token, patienceMs);
  } catch (error) {
    throw ioError(error, 'locking', path);
  }
  try {
    return await run();
  } finally {
    await release(path, token);
  }
}

async function acquire(path: string, token: string, patienceMs: number): Promise<void> {
  const staged = join(dirname(path), token);
  makePath(staged);
  try {
    await writeFile(join(staged, token), '');
    for (let waited = 0; !(await tryTake(staged, path)); ) {
      const holder = await holderOf(path);
      if (holder !== undefined && isEnded(holder)) {
        await unlessGone(unlink(join(path, holder)));
        continue;
      }
      if (waited >= patienceMs) throw busy(path, holder);
      const pause = randomInt(1, LONGEST_PAUSE_MS);
      await sleep(pause);
      waited += pause;
    }
  } catch (error) {
    await rm(staged, { recursive: true, force: true });
    throw error;
  }
}

async function tryTake(staged: string, path: string): Promise<boolean> {
  try {
    await rename(staged, path);
    return true;
  } catch (error) {
    if (isNotEmpty(error)) return false;
    throw error;
  }
}

async function release(path: string, token: string): Promise<void> {
  try {
    await unlessGone(unlink(join(path, token)));
    await unlessGone(rmdir(path));
  } catch (error) {
    if (!isNotEmpty(error)) throw ioError(error, 'unlocking', path); // else the next one has it already
  }
}

async function holderOf(path: string): Promise<string | undefined> {
  const names = await unlessGone(readdir(path));
  return names?.[0];
}

function isEnded(holder: string): boolean {
  const owner = ownerOf(holder);
  return owner !== undefined && !isOwnerAlive(owner);
}

async function unlessGone<T>(act: Promise<T>): Promise<T | undefined> {
  try {
    return await act;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function isNotEmpty(error: unknown): boolean {
  const code = systemCode(error);
  return code === 'ENOTEMPTY' || code === 'EEXIST';
}

function busy(path: string, holder: string | undefined): DvsError {
  const owner = holder === undefined ? undefined : ownerOf(holder);
  const who =
    owner === undefined
      ? 'somebody'
      : `process ${owner.pid} ${isHere(owner) ? 'of this host' : `on another host (${owner.place})`}`;
  return new DvsError('E_BUSY', `${who} holds the lock ${path}`, {
    about: [path],
    hint: 'Wait for it to end. If it cannot be running any more, remove that folder and try again.',
  });
}
