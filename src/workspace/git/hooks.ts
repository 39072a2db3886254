import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureFolder, replaceFile } from '../../backend/durable.js';
import { asBuffer } from '../../base/bytes.js';
import { DvsError, ioError, isDvsError, systemCode } from '../../base/errors.js';
import { readSmallFile } from '../small-file.js';
import { commandOf, HOOKS, type Hook, isShellScript, withBlock, withoutBlock } from './hook-block.js';
import type { GitPlace } from './place.js';

/** A hook and what becomes of its file. */
export interface HookPlan {
  readonly hook: Hook;
  readonly path: string;
  /** What is there now, one byte a character; undefined when nothing is. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What installing makes of the hooks. E_UNSAFE when one is there that no lines of sh can be put into. */
export async function planInstall(at: GitPlace): Promise<HookPlan[]> {
  const plans: HookPlan[] = [];
  for (const hook of HOOKS) {
    const path = join(at.hooks, hook);
    const before = await readHook(path);
    if (before !== undefined) await assertScript(at, hook, path, before);
    plans.push({ hook, path, before, after: withBlock(hook, at.place, before) });
  }
  return plans;
}

/** What uninstalling makes of them: what they were without dvs. */
export async function planUninstall(at: GitPlace): Promise<HookPlan[]> {
  const plans: HookPlan[] = [];
  for (const hook of HOOKS) {
    const path = join(at.hooks, hook);
    const before = await readHook(path);
    const after = before === undefined ? undefined : withoutBlock(hook, at.place, before);
    plans.push({ hook, path, before, after });
  }
  return plans;
}

/** Does what was planned with one hook, in one step. */
export async function applyPlan({ path, before, after }: HookPlan, { hooks }: GitPlace): Promise<void> {
  if (before === after) return;
  try {
    if (after === undefined) return await rm(path);
    await ensureFolder(hooks);
    await replaceFile(path, Buffer.from(after, 'latin1'), undefined, 0o755);
  } catch (error) {
    throw ioError(error, 'writing the hook', path);
  }
}

async function readHook(path: string): Promise<string | undefined> {
  try {
    const bytes = await readSmallFile(path);
    return bytes === undefined ? undefined : asBuffer(bytes).toString('latin1');
  } catch (error) {
    if (isDvsError(error, 'E_SYMLINK', 'E_TYPE')) return ''; // something, and no script
    throw error;
  }
}

async function assertScript({ place }: GitPlace, hook: Hook, path: string, text: string): Promise<void> {
  const why = isShellScript(text)
    ? await whyIgnored(path)
    : 'is no script of sh that lines could be put into';
  if (why === undefined) return;
  throw new DvsError('E_UNSAFE', `there is a hook ${path}, which ${why}`, {
    about: [path],
    hint: `Make it run \`${commandOf(hook, place)}\` and go on by hand, or move it away and run \`dvs install\` again. Nothing was changed.`,
  });
}

/** A hook that may not be run is one that somebody has switched off. */
async function whyIgnored(path: string): Promise<string | undefined> {
  try {
    return ((await lstat(path)).mode & 0o111) === 0
      ? 'git does not run, because it is not executable'
      : undefined;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw ioError(error, 'reading', path);
  }
}
