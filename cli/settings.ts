import { availableParallelism } from 'node:os';
import type { CacheOptions } from '../src/workspace/cache/folder.js';
import { type Config, setting } from '../src/workspace/settings/config.js';
import type { SettingKey } from '../src/workspace/settings/list.js';
import type { ConfigSources } from '../src/workspace/settings/read.js';
import { findWorkspace } from '../src/workspace/workspace.js';
import { wantsColor } from './color.js';
import { findCacheOptions, userConfigFile, whoAmI } from './environment.js';
import type { GlobalOptions } from './options.js';

/** More threads than this cost memory and gain nothing; a setting may still ask for them. */
const MOST_DEFAULT_JOBS = 16;

/** Warnings about files of settings that a command prints. */
const MOST_WARNINGS = 3;

/** Where settings come from, seen from the folder `cwd`. */
export async function configSources(cwd: string, { jobs, color }: GlobalOptions): Promise<ConfigSources> {
  const flags = new Map<SettingKey, string>();
  if (jobs !== undefined) flags.set('core.jobs', String(jobs));
  if (color !== undefined) flags.set('core.color', color);
  return { user: userConfigFile(), workspace: await findWorkspace(cwd), environment: process.env, flags };
}

/** Those settings that every command heeds. */
export interface Chosen {
  readonly who: string;
  readonly workers: number;
  /** The cache of this machine; undefined for a user without a home. */
  readonly cache: CacheOptions | undefined;
  /** Whether what goes to the terminal has colours. */
  readonly color: boolean;
  /** The pager that was chosen. */
  readonly pager: string | undefined;
}

export function chosenOf(config: Config): Chosen {
  return {
    who: setting(config, 'core.user') ?? whoAmI(),
    workers: setting(config, 'core.jobs') ?? Math.min(availableParallelism(), MOST_DEFAULT_JOBS),
    cache: findCacheOptions(config),
    color: wantsColor(setting(config, 'core.color'), process.env, process.stdout.isTTY),
    pager: setting(config, 'core.pager'),
  };
}

/** Tells on stderr what of the files is passed over. */
export function warnOfSettings({ warnings }: Config, print: (line: string) => void): void {
  for (const { what, instead } of warnings.slice(0, MOST_WARNINGS)) {
    print(`dvs: ${what}${instead === undefined ? '' : `; ${instead}`}`);
  }
  const more = warnings.length - MOST_WARNINGS;
  if (more > 0) print(`dvs: and ${more} more: \`dvs doctor\` lists them`);
}
