import { join } from 'node:path';
import { DvsError } from '../base/errors.js';
import { exclusive } from '../workspace/exclusive.js';
import {
  ATTRIBUTE,
  assertDriverIsFree,
  forgetInstalled,
  hasDriver,
  hasOthers,
  hasWrittenAttribute,
  noteInstalled,
  setDriver,
  unsetDriver,
} from '../workspace/git/driver.js';
import { applyPlan, type HookPlan, planInstall, planUninstall } from '../workspace/git/hooks.js';
import { findGitPlace, type GitPlace } from '../workspace/git/place.js';
import { type Environment, Git } from '../workspace/git/run.js';
import { gitignorePattern, ignoreInGit } from '../workspace/gitignore.js';
import { addLine, hasLine, removeLine } from '../workspace/line-file.js';
import { readLock } from '../workspace/lock.js';
import { findWorkspace, type Workspace } from '../workspace/workspace.js';

/** Where to install, and with which git. */
export interface InstallOptions {
  /** A folder in the workspace. */
  readonly cwd: string;
  /** The variables for git. */
  readonly environment: Environment;
  /** Look, and change nothing. */
  readonly dryRun?: boolean;
}

/** One thing that was put into a git repository, or taken out of it. */
export interface InstallStep {
  /** A hook by its name, `merge driver`, `.gitattributes` or `.gitignore`. */
  readonly what: string;
  /** The file that has it. */
  readonly path: string;
  /** False when it was as it should be. */
  readonly changed: boolean;
}

/**
 * Makes git bring data along: hooks that check out what `dvs.lock` says after git changed it, and a merge driver for
 * `dvs.lock`. All that runs something lies in `.git`; a line in `.gitattributes` names the driver. Hooks that are there
 * already stay as they are, with a block more. E_UNSAFE when that is not possible, before anything is changed. Tracked
 * paths are put into `.gitignore` as by `add`, and stay there.
 */
export async function install(options: InstallOptions): Promise<InstallStep[]> {
  const { workspace, at } = await findPlaces(options);
  return exclusive(join(workspace.tmpDir, 'install.lock'), async () => {
    await assertDriverIsFree(at.git);
    const plans = await planInstall(at);
    const lacksDriver = !(await hasDriver(at.git));
    const lacksLine = !(await hasLine(workspace, ATTRIBUTES, ATTRIBUTE));
    const unignored = await unignoredPaths(workspace);
    if (options.dryRun !== true) {
      await setDriver(at.git);
      await noteInstalled(at, lacksLine);
      for (const plan of plans) await applyPlan(plan, at);
      await addLine(workspace, ATTRIBUTES, ATTRIBUTE);
      for (const path of unignored) await ignoreInGit(workspace, path);
    }
    return [
      ...steps(workspace, at, plans, lacksDriver, lacksLine),
      { what: IGNORE, path: join(workspace.root, IGNORE), changed: unignored.length > 0 },
    ];
  });
}

/** Takes out exactly what `install` put in. The merge driver goes with the last workspace of the repository. */
export async function uninstall(options: InstallOptions): Promise<InstallStep[]> {
  const { workspace, at } = await findPlaces(options);
  return exclusive(join(workspace.tmpDir, 'install.lock'), async () => {
    const plans = await planUninstall(at);
    const dropsDriver = (await hasDriver(at.git)) && !(await hasOthers(at));
    const dropsLine = (await hasWrittenAttribute(at)) && (await hasLine(workspace, ATTRIBUTES, ATTRIBUTE));
    if (options.dryRun !== true) {
      for (const plan of plans) await applyPlan(plan, at);
      if (dropsLine) await removeLine(workspace, ATTRIBUTES, ATTRIBUTE);
      if (dropsDriver) await unsetDriver(at.git);
      await forgetInstalled(at);
    }
    return steps(workspace, at, plans, dropsDriver, dropsLine);
  });
}

const ATTRIBUTES = '.gitattributes';
const IGNORE = '.gitignore';

/** Tracked paths that were added before there was a git repository: it must not take the data in. */
async function unignoredPaths(workspace: Workspace): Promise<string[]> {
  const found: string[] = [];
  for (const path of (await readLock(workspace)).keys()) {
    if (!(await hasLine(workspace, IGNORE, gitignorePattern(path)))) found.push(path);
  }
  return found;
}

async function findPlaces({
  cwd,
  environment,
}: InstallOptions): Promise<{ workspace: Workspace; at: GitPlace }> {
  const workspace = await findWorkspace(cwd);
  if (workspace === undefined) {
    throw new DvsError('E_NO_STORE', `${cwd} is not in a dvs workspace`, {
      hint: 'Run `dvs init` to make one, then this again.',
    });
  }
  return { workspace, at: await findGitPlace(new Git(workspace.root, environment)) };
}

function steps(
  { root }: Workspace,
  { config }: GitPlace,
  plans: readonly HookPlan[],
  driver: boolean,
  line: boolean,
): InstallStep[] {
  return [
    ...plans.map(({ hook, path, before, after }) => ({ what: hook, path, changed: before !== after })),
    { what: 'merge driver', path: config, changed: driver },
    { what: ATTRIBUTES, path: join(root, ATTRIBUTES), changed: line },
  ];
}
