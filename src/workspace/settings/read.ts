import { readSmallText } from '../small-file.js';
import type { Workspace } from '../workspace.js';
import { type Config, type Level, makeConfig } from './config.js';
import { environmentLevel } from './environment.js';
import type { SettingKey } from './list.js';

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
  const levels: Level[] = [environmentLevel(environment), { origin: 'flag', file: undefined, values: flags }];
  const warnings: string[] = [];
  const files = [
    { origin: 'user', path: user },
    { origin: 'shared', path: workspace?.settingsPath },
    { origin: 'workspace', path: workspace?.configPath },
  ] as const;
  for (const { origin, path } of files) {
    const content = path === undefined ? undefined : await readSettingsText(origin, path);
    if (path === undefined || content === undefined || isBlank(content)) continue;
    // Loaded here: most have no settings, and should not wait for a parser.
    const { parseLevel } = await import('./level.js');
    const read = parseLevel(origin, path, content);
    levels.push(read.level);
    warnings.push(...read.warnings);
  }
  return makeConfig(levels, warnings);
}

/** The text of a file of settings. The user's own may be a link, as those who keep their settings in git have it. */
export function readSettingsText(origin: Level['origin'], path: string): Promise<string | undefined> {
  return readSmallText(path, { followLink: origin === 'user' });
}

/** True for what has comments at most. */
function isBlank(content: string): boolean {
  return !/^[^\S\n]*[^#\s]/m.test(content);
}
