import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { DvsError, ioError, systemCode } from '../base/errors.js';
import { checkPath } from '../entities/path.js';
import type { Workspace } from './workspace.js';

/**
 * The absolute path of the workspace-relative `path`. Refuses what no dataset may hold (E_PATH,
 * E_PATH_RESERVED), and (E_SYMLINK) a path that is a symbolic link or lies beneath one: whoever made the link
 * would choose what is read or overwritten. What does not exist yet is fine.
 */
export async function resolveInside(root: string, path: string): Promise<string> {
  checkPath(path);
  let at = root;
  for (const segment of path.split('/')) {
    at = join(at, segment);
    const found = await kindOf(at);
    if (found === 'absent') break;
    if (found === 'link') {
      throw new DvsError('E_SYMLINK', `${path} goes through a symbolic link: ${at}`, {
        about: [at],
        hint: 'Use the real folder: nothing is read or written through a link in a workspace.',
      });
    }
  }
  return join(root, path);
}

/** Whether an absolute path is that of a folder or of what lies in it. */
export function liesIn(absolute: string, folder: string): boolean {
  return absolute === folder || absolute.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/**
 * Turns an argument of the command line, relative to the folder `cwd`, into a workspace-relative path. E_PATH
 * for the workspace itself and for what lies outside; E_PATH_RESERVED for `.dvs` and `.git`.
 */
export async function toWorkspacePath({ root }: Workspace, cwd: string, argument: string): Promise<string> {
  if (argument === '') throw outside(argument, root, 'is empty');
  const target = resolve(cwd, argument);
  // The same folder can have two absolute names, as /tmp and /private/tmp on macOS.
  const inside =
    relativeInside(root, target) ?? relativeInside(await realPath(root), await realParent(target));
  if (inside === undefined) throw outside(argument, root, 'lies outside of the workspace');
  if (inside === '') throw outside(argument, root, 'is the workspace itself');
  const path = inside.split(sep).join('/');
  checkPath(path);
  return path;
}

function relativeInside(root: string, target: string): string | undefined {
  const path = relative(root, target);
  return path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path) ? undefined : path;
}

/** `path` with the links above it resolved, not one that it may be itself. */
async function realParent(path: string): Promise<string> {
  return join(await realPath(dirname(path)), basename(path));
}

async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (isAbsent(error)) return path;
    throw ioError(error, 'resolving', path);
  }
}

async function kindOf(path: string): Promise<'absent' | 'link' | 'other'> {
  try {
    return (await lstat(path)).isSymbolicLink() ? 'link' : 'other';
  } catch (error) {
    if (isAbsent(error)) return 'absent';
    throw ioError(error, 'reading', path);
  }
}

function isAbsent(error: unknown): boolean {
  const code = systemCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function outside(argument: string, root: string, why: string): DvsError {
  return new DvsError('E_PATH', `the path ${JSON.stringify(argument)} ${why}`, {
    about: [argument],
    hint: `Name something inside of ${root}.`,
  });
}
