import { lstat, readdir } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { LocalBackend } from '../backend/local.js';
import { equalBytes } from '../base/bytes.js';
import { DvsError, ioError, isDvsError, systemCode } from '../base/errors.js';
import { LOG_START, Log, type LogPosition } from '../store/log/log.js';
import { readStoreNote, type StoreNote } from '../workspace/store-note.js';
import { exists, findWorkspace, type Workspace, workspaceAt } from '../workspace/workspace.js';

/** Where `init` puts a store. */
export interface PlaceOptions {
  /** Absolute path of its folder; by default the one that the workspace has, else `.dvs`. */
  readonly store?: string;
  /** Also when it is another store than the one that the workspace used. */
  readonly force?: boolean;
}

/** What a store's folder may have before it is one: an `init` that was killed leaves these. */
const MADE_FIRST: ReadonlySet<string> = new Set(['tmp', 'packs', 'log', '.gitignore']);

/**
 * The workspace at `root` with its store where `options` say. Looks, and changes nothing. E_UNSAFE for a folder that
 * holds other things and for another store than the one that was used here, E_NO_STORE when that cannot be reached.
 */
export async function choosePlace(root: string, { store, force = false }: PlaceOptions): Promise<Workspace> {
  const own = workspaceAt(root);
  const known = await knownStore(own, store !== undefined);
  const path = store ?? known.path;
  if (path === own.ownDir && known.path === path) return own;
  if (store !== undefined && path !== own.ownDir) await assertUsable(own, path);
  if (store === undefined && !(await isStore(path))) throw unreachable(path);
  if (!force) await assertKnown(path, known.head);
  return path === own.ownDir ? own : workspaceAt(root, { path, head: force ? LOG_START : known.head });
}

/** E_NO_STORE or E_UNSAFE unless the store elsewhere is there, and is the one that this workspace used. */
export async function assertSameStore({ path, head }: StoreNote): Promise<void> {
  if (!(await isStore(path))) throw unreachable(path);
  await assertKnown(path, head);
}

/** The store that this workspace uses now; what a damaged note says does not matter to who names another. */
async function knownStore({ ownDir }: Workspace, isReplaced: boolean): Promise<StoreNote> {
  try {
    const note = await readStoreNote(ownDir);
    if (note !== undefined) return note;
  } catch (error) {
    if (!isReplaced || !isDvsError(error, 'E_DAMAGED', 'E_UNSAFE')) throw error;
  }
  return { path: ownDir, head: await headOf(ownDir) };
}

async function headOf(storeDir: string): Promise<LogPosition> {
  const log = new Log(new LocalBackend(storeDir));
  const seq = await log.head();
  const hash = seq === 0 ? undefined : await log.hashOf(seq);
  return hash === undefined ? LOG_START : { seq, hash };
}

async function assertKnown(path: string, { seq, hash }: LogPosition): Promise<void> {
  if (hash === null) return;
  const isThere = await isStore(path);
  const found = isThere ? await new Log(new LocalBackend(path)).hashOf(seq) : undefined;
  if (found !== undefined && equalBytes(found, hash)) return;
  const why = isThere
    ? `is not the store that this workspace used: its commit ${seq} is missing or another`
    : `has no store, and this workspace used one with ${seq} commits`;
  throw new DvsError('E_UNSAFE', `${path} ${why}`, {
    about: [path],
    hint: 'Name the store, or copy its `format`, `log` and `packs` there first; `--force` uses this folder all the same.',
  });
}

/** True when a store lies in the folder. */
export function isStore(path: string): Promise<boolean> {
  return exists(join(path, 'format'));
}

/** Refuses a folder that is no store and cannot become one. */
async function assertUsable({ root }: Workspace, path: string): Promise<void> {
  const inside = relative(root, path);
  if (inside === '' || !(inside === '..' || inside.startsWith(`..${sep}`) || resolve(inside) === inside)) {
    throw new DvsError('E_UNSAFE', `${path} lies in the workspace, where only .dvs is never taken for data`, {
      about: [path],
      hint: 'Name a folder outside of it: `dvs init --store <folder>`.',
    });
  }
  if (await isStore(path)) return;
  const names = await namesIn(path);
  if (names === undefined) {
    const parent = dirname(path);
    if (await exists(parent)) return;
    throw new DvsError('E_NOT_FOUND', `there is no folder ${parent} to make a store in`, {
      about: [parent],
      hint: 'Plug in or mount the disk that it lies on, or make that folder first.',
    });
  }
  const other = names.find((name) => !MADE_FIRST.has(name));
  if (other === undefined && (await isEmptyStore(path))) return;
  throw new DvsError(
    'E_UNSAFE',
    `${path} is no dvs store and holds other things: ${other ?? 'packs or commits'}`,
    {
      about: [path],
      hint: await betterPlace(path),
    },
  );
}

/** True unless commits or packs lie there, in a store that has lost its `format`. */
async function isEmptyStore(path: string): Promise<boolean> {
  for await (const { key } of new LocalBackend(path).list('')) if (/^(?:log|packs)\//.test(key)) return false;
  return true;
}

async function betterPlace(path: string): Promise<string> {
  for (const name of ['dvs', '.dvs']) {
    if (await isStore(join(path, name))) return `There is a store in it: name ${join(path, name)}.`;
  }
  const workspace = await findWorkspace(path).catch(() => undefined);
  if (workspace?.root === path) return `It is a workspace; its store is ${workspace.storeDir}: name that.`;
  return 'Name a folder of its own, which is made when it is missing: `dvs init --store <folder>/dvs`.';
}

/** Undefined when nothing is there. */
async function namesIn(path: string): Promise<string[] | undefined> {
  try {
    return await readdir(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' && !(await isLink(path))) return undefined;
    if (code !== 'ENOTDIR') throw ioError(error, 'reading', path);
    throw new DvsError('E_TYPE', `${path} is no folder, and a store is one`, {
      about: [path],
      hint: 'Name another place: `dvs init --store <folder>`.',
    });
  }
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch {
    return false; // nothing is there, not even a link
  }
}

function unreachable(path: string): DvsError {
  return new DvsError('E_NO_STORE', `the store of this workspace cannot be reached: ${path}`, {
    about: [path],
    hint: 'Nothing is lost: plug in or mount the disk that it lies on. If it lies elsewhere now: `dvs init --store <folder>`.',
  });
}
