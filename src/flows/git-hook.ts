import { join, resolve } from 'node:path';
import { type DvsError, isDvsError } from '../base/errors.js';
import { lockAt } from '../workspace/git/commits.js';
import { Git } from '../workspace/git/run.js';
import { type LockEntry, readLock } from '../workspace/lock.js';
import { exists } from '../workspace/workspace.js';
import { type CheckedOut, checkout } from './checkout.js';
import { isAbsent, placeOf } from './place.js';
import type { Repository, Surroundings } from './repository.js';
import { Scan } from './scan.js';
import { openAt } from './workspace-at.js';

/** What git said when it called a hook. */
export interface HookCall {
  /** The name of the hook, and what git gave it. */
  readonly hook: string;
  readonly args: readonly string[];
  /** Absolute path of the workspace. */
  readonly folder: string;
}

/** What stayed as it was, and what to do about it. */
export interface LeftPath {
  readonly path: string;
  readonly why: string;
  readonly hint: string | undefined;
}

/** What a hook did. */
export interface HookResult {
  readonly done: readonly CheckedOut[];
  /** Paths whose version changed and that could not be brought there. */
  readonly left: readonly LeftPath[];
  /** Paths on disk that `dvs.lock` no longer has. */
  readonly untracked: readonly string[];
}

const NOTHING: HookResult = { done: [], left: [], untracked: [] };

/**
 * What a hook of git does: brings each tracked path whose version in `dvs.lock` is another than before to that version.
 * Paths of the same version are not looked at, so that what is under way there stays. What goes wrong is part of the
 * result and no error, since git is done already; one path does not keep the others from following.
 */
export async function afterGit(call: HookCall, surroundings: Surroundings): Promise<HookResult> {
  if (!changesFiles(call) || !(await exists(call.folder))) return NOTHING;
  let repo: Repository | undefined;
  try {
    // Nobody is there to answer.
    const { confirm: _, ...others } = surroundings;
    repo = await openAt(call.folder, others);
    return await follow(repo, call.hook, await lockBefore(repo, call));
  } catch (error) {
    if (!isDvsError(error)) throw error;
    return { ...NOTHING, left: [leftBy('dvs.lock', error)] };
  } finally {
    await repo?.close();
  }
}

/** False for what leaves the working tree as it was: `git checkout <file>` and `git commit --amend`. */
function changesFiles({ hook, args }: HookCall): boolean {
  if (hook === 'post-checkout') return args[2] === '1';
  return hook !== 'post-rewrite' || args[0] !== 'amend';
}

/**
 * What `dvs.lock` said before; undefined when that cannot be learnt. A rebase has been elsewhere in between, and files
 * have followed it there: where it set out from says nothing of them.
 */
async function lockBefore(
  { workspace, environment }: Repository,
  { hook, args: [from = ''] }: HookCall,
): Promise<Map<string, LockEntry> | undefined> {
  const commit = hook === 'post-checkout' ? from : hook === 'post-merge' ? 'ORIG_HEAD' : '';
  if (!/^(?:[0-9a-f]+|ORIG_HEAD)$/.test(commit)) return undefined;
  try {
    return await lockAt(new Git(workspace.root, environment), { text: commit, commit });
  } catch (error) {
    // Such as the zeros that a new working tree comes from.
    if (isDvsError(error)) return undefined;
    throw error;
  }
}

async function follow(
  repo: Repository,
  hook: string,
  before: ReadonlyMap<string, LockEntry> | undefined,
): Promise<HookResult> {
  const lock = await readLock(repo.workspace);
  const done: CheckedOut[] = [];
  const left: LeftPath[] = [];
  for (const entry of lock.values()) {
    const { path, id } = entry;
    if (before?.get(path)?.id.equals(id) === true) continue;
    try {
      done.push(...(await bring(repo, path)));
    } catch (error) {
      if (!isDvsError(error)) throw error;
      left.push(
        leftBy(path, error, error.code === 'E_UNSAFE' ? await adviceFor(repo, hook, entry) : error.hint),
      );
    }
  }
  const gone = [...(before?.keys() ?? [])].filter((path) => !lock.has(path));
  const untracked: string[] = [];
  for (const path of gone) {
    if (!isAbsent({ absolute: join(repo.workspace.root, path) })) untracked.push(path);
  }
  return { done, left, untracked };
}

function bring(repo: Repository, path: string): Promise<CheckedOut[]> {
  const { root } = repo.workspace;
  return checkout(repo, { reference: path, dest: resolve(root, path), cwd: root });
}

function leftBy(path: string, error: DvsError, hint = error.hint): LeftPath {
  return { path, why: error.message, hint };
}

/**
 * Not `dvs add`, unless the files are those of the version that git went back to: with the lock that it has brought
 * that would record the files of the commit before.
 */
async function adviceFor(repo: Repository, hook: string, entry: LockEntry): Promise<string> {
  const { path } = entry;
  const scan = new Scan(repo, await placeOf(repo, entry));
  const isBack = scan.knows(entry.id);
  scan.discard();
  if (isBack) return `They are changes of the version that is recorded here: \`dvs add ${path}\` keeps them.`;
  return hook === 'post-checkout'
    ? `To keep them: \`git checkout -\`, \`dvs add ${path}\`, and commit. To lose them: \`dvs checkout ${path} --force\`.`
    : `Move them out of ${path}, run \`dvs checkout ${path}\`, and put them back.`;
}
