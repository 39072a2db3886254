import { lstatSync } from 'node:fs';
import { readSmallText } from '../small-file.js';
import type { Workspace } from '../workspace.js';
import { type Config, type Level, makeConfig } from './config.js';
import { environmentLevel } from './environment.js';
import type { ReadLevel } from './level.js';
import type { SettingKey } from './list.js';
import type { FileOrigin } from './reach.js';

/** The files of settings. */
export interface ConfigFiles {
  /** This user's own file; undefined for someone without a home. */
  readonly user: string | undefined;
  /** The workspace whose files count, if any. */
  readonly workspace: Workspace | undefined;
}

/** What else has a say: whoever calls knows it. */
export interface ConfigSources extends ConfigFiles {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly flags: ReadonlyMap<SettingKey, string>;
}

/** Reads all settings. E_ENCODING when a file is not TOML; values are checked when they are asked for. */
export async function readConfig({ user, workspace, environment, flags }: ConfigSources): Promise<Config> {
  const files = await Promise.all([
    readLevel('user', user),
    readLevel('shared', workspace?.settingsPath),
    readLevel('workspace', workspace?.configPath),
  ]);
  const read = files.filter((file) => file !== undefined);
  const flagLevel: Level = { origin: 'flag', file: undefined, values: flags };
  return makeConfig(
    [...read.map(({ level }) => level), environmentLevel(environment), flagLevel],
    read.flatMap(({ warnings }) => warnings),
  );
}

/** What a file says; undefined when there is none, or comments at most. */
async function readLevel(origin: FileOrigin, path: string | undefined): Promise<ReadLevel | undefined> {
  if (path === undefined || isMissing(path)) return undefined;
  const content = await readSettingsText(origin, path);
  if (content === undefined || isBlank(content)) return undefined;
  // Loaded here: most have no settings, and should not wait for a parser.
  const { parseLevel } = await import('./level.js');
  return parseLevel(origin, path, content);
}

/** The text of a file of settings. The user's own may be a link, as those who keep their settings in git have it. */
export function readSettingsText(origin: FileOrigin, path: string): Promise<string | undefined> {
  return readSmallText(path, { followLink: origin === 'user' });
}

/** Asked first, and without a thread: every command does, and most of these files are not there. */
function isMissing(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false; // reading it will tell
  }
}

/** True for what has comments at most. */
function isBlank(content: string): boolean {
  return !/^[^\S\n]*[^#\s]/m.test(content);
}
