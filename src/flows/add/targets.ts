import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { DvsError, ioError, systemCode } from '../../base/errors.js';
import { checkName, isName } from '../../base/names.js';
import { checkPath } from '../../entities/path.js';
import type { CID } from '../../id/cid.js';
import { IgnoreLookup } from '../../workspace/ignore/lookup.js';
import { type LockEntry, readLock } from '../../workspace/lock.js';
import { checkDisjoint } from '../../workspace/lock-entry.js';
import { readMerged } from '../../workspace/merged.js';
import type { Repository } from '../repository.js';
import { rootOf } from '../root-link.js';

/** A path to add and what to call it. */
export interface AddTarget extends Omit<LockEntry, 'id'> {
  /** The dataset that the lock has for it; undefined for what is not tracked yet. */
  readonly recorded: CID | undefined;
}

export interface TargetOptions {
  readonly paths: readonly string[];
  readonly name?: string;
  /** Whether links are followed; by default as it is recorded for the path. */
  readonly followLinks?: boolean;
}

/** What an `add` is about: the paths given, or without any all that are tracked. E_USAGE, E_PATH. */
export async function chooseTargets(
  repo: Repository,
  { paths, name, followLinks }: TargetOptions,
): Promise<AddTarget[]> {
  const lock = await readLock(repo.workspace);
  if (paths.length === 0 && lock.size === 0) {
    throw new DvsError('E_USAGE', 'nothing is tracked yet, so there is nothing to add again', {
      hint: 'Name what to track: `dvs add <path>`.',
    });
  }
  if (name !== undefined && paths.length !== 1) {
    throw new DvsError('E_USAGE', '--name is for one path', { hint: 'Add the paths one by one.' });
  }
  const rules = new IgnoreLookup(repo.workspace.root, []);
  const merged = await readMerged(repo.workspace);
  const targets: AddTarget[] = [];
  for (const path of paths.length === 0 ? lock.keys() : new Set(paths)) {
    checkPath(path);
    const tracked = lock.get(path);
    const links = followLinks === undefined ? tracked?.links : followLinks ? 'followed' : undefined;
    if (tracked !== undefined && merged.get(path)?.id.equals(tracked.id) === true) throw unbrought(path);
    const chosen = name ?? tracked?.name ?? basename(path);
    if (name === undefined && tracked === undefined && !isName(chosen)) throw nameless(path, chosen);
    checkName(chosen);
    assertFree(lock, path, chosen);
    const type = await typeOf(repo, path, tracked !== undefined, links);
    if (tracked === undefined && rules.isIgnored(path, type === 'folder')) throw ignored(path);
    targets.push({ path, name: chosen, type, links, recorded: tracked?.id });
  }
  // What the lock would refuse must be known before anything is committed.
  checkDisjoint([...new Set([...lock.keys(), ...targets.map(({ path }) => path)])]);
  const twice = targets.find((target, i) => targets.some((other, j) => j < i && other.name === target.name));
  if (twice !== undefined) {
    throw new DvsError('E_USAGE', `two of these paths would both be called ${twice.name}`, {
      hint: 'Add one of them alone, with --name.',
    });
  }
  return targets;
}

/** A path may be called as it likes; its name in the store may not. */
function nameless(path: string, chosen: string): DvsError {
  return new DvsError('E_USAGE', `${JSON.stringify(chosen)} cannot be a name in the store`, {
    about: [path],
    hint: `Say what to call it, with letters, digits, \`.\`, \`_\` and \`-\`: \`dvs add ${path.includes(' ') ? `'${path}'` : path} --name <name>\`. The path stays as it is.`,
  });
}

function ignored(path: string): DvsError {
  return new DvsError('E_USAGE', `${path} is ignored by a .dvsignore`, {
    about: [path],
    hint: `\`dvs check-ignore -v ${path}\` shows the pattern; take it out, or add \`!/${path}\` below it.`,
  });
}

/** To record what lies there would undo what the other side did. */
function unbrought(path: string): DvsError {
  return new DvsError(
    'E_UNSAFE',
    `dvs.lock has a version of ${path} that its files were not brought to yet: git merged it, or an edit did not reach them`,
    {
      about: [path],
      hint: `Run \`dvs checkout ${path}\` first. Files that you changed: move them out, check out, and put them back.`,
    },
  );
}

/** Refuses (E_USAGE) a name that another tracked path has: the two would be mixed up. */
function assertFree(lock: ReadonlyMap<string, LockEntry>, path: string, name: string): void {
  const other = [...lock.values()].find((entry) => entry.name === name && entry.path !== path);
  if (other === undefined) return;
  throw new DvsError('E_USAGE', `${path} would be called ${name}, and so is ${other.path}`, {
    about: [path, other.path],
    hint: `Choose another name: \`dvs add ${path} --name <name>\`.`,
  });
}

async function typeOf(
  repo: Repository,
  path: string,
  isTracked: boolean,
  links: LockEntry['links'],
): Promise<LockEntry['type']> {
  const absolute = await rootOf(repo, path, links, 'add');
  try {
    return (await stat(absolute)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if (systemCode(error) !== 'ENOENT' && systemCode(error) !== 'ENOTDIR') {
      throw ioError(error, 'reading', absolute);
    }
    throw new DvsError('E_NOT_FOUND', `there is nothing at ${path}`, {
      cause: error,
      about: [path],
      hint: isTracked
        ? `Bring it back with \`dvs checkout ${path}\`, or name the paths to add.`
        : 'Check the spelling; `dvs status` lists what is not tracked yet.',
    });
  }
}
