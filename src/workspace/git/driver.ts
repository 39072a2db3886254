import { DvsError } from '../../base/errors.js';
import { type GitPlace, getSetting, setSetting, unsetSetting } from './place.js';
import type { Git } from './run.js';

/** The line of .gitattributes, beside dvs.lock. Without the settings it names a driver that git does not know. */
export const ATTRIBUTE = '/dvs.lock merge=dvs-lock';

const DRIVER = 'merge.dvs-lock.driver';

/** What git runs is said by this repository's own config, which no clone brings along. */
const SETTINGS: readonly (readonly [string, string])[] = [
  ['merge.dvs-lock.name', 'dvs.lock, by tracked path'],
  [DRIVER, 'dvs merge-driver %O %A %B %P'],
  // For the common past that git makes up when there are several: no version is recorded for that.
  ['merge.dvs-lock.recursive', 'binary'],
];

/** Refuses (E_EXISTS) to replace a driver that is not ours. */
export async function assertDriverIsFree(git: Git): Promise<void> {
  const found = await getSetting(git, DRIVER);
  if (found === undefined || SETTINGS.some(([key, value]) => key === DRIVER && value === found)) return;
  throw new DvsError('E_EXISTS', `${DRIVER} of this repository is something else: ${found}`, {
    hint: `Run \`git config --local --unset ${DRIVER}\`, then \`dvs install\` again.`,
  });
}

/** True when git knows the driver. */
export async function hasDriver(git: Git): Promise<boolean> {
  return (await getSetting(git, DRIVER)) !== undefined;
}

export async function setDriver(git: Git): Promise<void> {
  for (const [key, value] of SETTINGS) await setSetting(git, key, value);
}

export async function unsetDriver(git: Git): Promise<void> {
  for (const [key] of SETTINGS) await unsetSetting(git, key);
}

/** What install wrote for a workspace, as this repository remembers it. */
export async function noteInstalled({ git, place }: GitPlace, wroteAttribute: boolean): Promise<void> {
  await setSetting(git, installedKey(place), 'true');
  if (wroteAttribute) await setSetting(git, attributeKey(place), 'true');
}

export async function hasWrittenAttribute({ git, place }: GitPlace): Promise<boolean> {
  return (await getSetting(git, attributeKey(place))) === 'true';
}

/** Forgets it; says whether other workspaces of the repository are installed still. */
export async function forgetInstalled({ git, place }: GitPlace): Promise<void> {
  await unsetSetting(git, installedKey(place));
  await unsetSetting(git, attributeKey(place));
}

/** True when another workspace of the repository is installed, too. */
export async function hasOthers({ git, place }: GitPlace): Promise<boolean> {
  const { stdout } = await git.run([
    'config',
    '--local',
    '--null',
    '--name-only',
    '--get-regexp',
    '^dvs\\..*\\.installed$',
  ]);
  return stdout
    .toString('utf8')
    .split('\0')
    .some((key) => key !== '' && key !== installedKey(place));
}

function installedKey(place: string): string {
  return `dvs.${place}.installed`;
}

function attributeKey(place: string): string {
  return `dvs.${place}.attributes`;
}
