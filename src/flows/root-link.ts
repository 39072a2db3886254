import { lstat, realpath, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { DvsError, ioError, systemCode } from '../base/errors.js';
import { checkPath, isReservedSegment } from '../entities/path.js';
import { resolveInside } from '../workspace/contain.js';
import type { LockEntry } from '../workspace/lock.js';
import type { Repository } from './repository.js';

/** The commands that have the option; what is asked for by another one is approved with `status` before. */
export type Approving = 'add' | 'checkout' | 'diff' | 'status';

/**
 * The absolute path of what is tracked at `path`, as `resolveInside` says it. If that is a link to a folder, then where
 * it leads, provided that this user approved just that, or does so when asked; if it is a link to a file, and links are
 * to be followed, then the link itself. E_SYMLINK, with the `command` that can approve it; E_UNSAFE.
 */
export async function rootOf(
  repo: Repository,
  path: string,
  links: LockEntry['links'],
  command: Approving = 'status',
): Promise<string> {
  const link = await linkAt(repo, path);
  if (link === undefined) return resolveInside(repo.workspace.root, path);
  if (link.type === 'file') {
    if (links === 'followed') return link.absolute;
    throw refusal(
      path,
      link.target,
      `store the bytes of that file instead: \`dvs add --follow-symlinks ${path}\``,
    );
  }
  const { approvals, confirm } = repo;
  const approval = { kind: 'root', path, target: link.target } as const;
  if (await approvals.has(approval)) return link.target;
  const question = `${path} is a symbolic link to ${link.target}. Read and write that folder for it?`;
  if ((await confirm?.(question)) !== true) {
    throw refusal(
      path,
      link.target,
      `if that folder is to be read and written: \`dvs ${command} --allow-root-link ${path}\`${
        command === 'status' ? ' approves it for good; then do the same again' : ''
      }`,
    );
  }
  await approvals.give(approval);
  return link.target;
}

/** Approves that those of the paths that are links to folders lead where they lead now. */
export async function allowRootLinks(
  repo: Repository,
  paths: Iterable<string>,
  isForNow = false,
): Promise<void> {
  for (const path of paths) {
    const link = await linkAt(repo, path);
    if (link?.type === 'folder')
      await repo.approvals.give({ kind: 'root', path, target: link.target }, isForNow);
  }
}

interface RootLink {
  readonly type: 'folder' | 'file';
  readonly absolute: string;
  /** Where it leads, all links on the way resolved. */
  readonly target: string;
}

/** The link that lies at a path of the workspace; undefined when something else does, or nothing. */
async function linkAt({ workspace }: Repository, path: string): Promise<RootLink | undefined> {
  checkPath(path);
  const above = dirname(path);
  if (above !== '.') await resolveInside(workspace.root, above);
  const absolute = join(workspace.root, path);
  try {
    if (!(await lstat(absolute)).isSymbolicLink()) return undefined;
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw ioError(error, 'reading', absolute);
  }
  const { target, isFolder } = await follow(path, absolute);
  if (isFolder) await assertHarmless(workspace, path, target);
  return { type: isFolder ? 'folder' : 'file', absolute, target };
}

async function follow(path: string, absolute: string): Promise<{ target: string; isFolder: boolean }> {
  try {
    const target = await realpath(absolute);
    return { target, isFolder: (await stat(target)).isDirectory() };
  } catch (error) {
    const code = systemCode(error);
    if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'ELOOP')
      throw ioError(error, 'reading', absolute);
    throw new DvsError('E_SYMLINK', `${path} is a symbolic link that leads nowhere`, {
      about: [absolute],
      cause: error,
      hint: `Bring back what it points to, or remove it and run \`dvs checkout ${path}\`.`,
    });
  }
}

/** Refuses (E_UNSAFE) a folder that holds the workspace or its store, or lies in a store or repository. */
async function assertHarmless(
  { root, ownDir, storeDir }: Repository['workspace'],
  path: string,
  target: string,
): Promise<void> {
  const own = await realpath(root);
  const folder = target.endsWith(sep) ? target : target + sep;
  const inside = target.startsWith(own + sep) ? target.slice(own.length) : target;
  const stores = await Promise.all([ownDir, storeDir].map((path) => realpath(path)));
  const holdsUs =
    own === target ||
    own.startsWith(folder) ||
    stores.some((store) => store.startsWith(folder) || folder.startsWith(store + sep));
  if (!holdsUs && !inside.split(sep).some(isReservedSegment)) return;
  throw new DvsError('E_UNSAFE', `${path} is a symbolic link to ${target}, where no data belongs`, {
    about: [path],
    hint: 'Let it lead to a folder of its own.',
  });
}

function refusal(path: string, target: string, next: string): DvsError {
  return new DvsError('E_SYMLINK', `${path} is a symbolic link: it leads to ${target}`, {
    about: [path],
    hint: `Put the real thing there, or ${next}.`,
  });
}
