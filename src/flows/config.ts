import { type Chosen, type Config, chosen, setting, strength } from '../workspace/settings/config.js';
import { checkSettingKey, SETTING_KEYS, settingOf } from '../workspace/settings/list.js';
import type { FileOrigin } from '../workspace/settings/reach.js';
import type { ConfigFiles } from '../workspace/settings/read.js';
import { changeSetting, type SettingChange } from '../workspace/settings/write.js';

/** A setting as it stands, with what it is about. */
export interface ListedSetting extends Chosen {
  readonly summary: string;
  /** What holds while there is no value; undefined when there always is one. */
  readonly otherwise: string | undefined;
}

/** A change, and who overrules it. */
export interface ChangedSetting extends SettingChange {
  /** Who says what the setting is although the file says otherwise now; undefined when the file counts. */
  readonly overruledBy: Chosen | undefined;
}

/** What somebody wants changed. */
export interface SettingWish {
  readonly key: string;
  /** Undefined to take it out. */
  readonly value?: string;
  /** In which file; undefined for the nearest that may hold it. */
  readonly origin?: FileOrigin;
}

/** All settings in the order of their list. */
export function listSettings(config: Config): ListedSetting[] {
  return SETTING_KEYS.map((key) => listed(chosen(config, key)));
}

/** One setting; E_USAGE for a key that there is not and for a value that it does not take. */
export function getSetting(config: Config, typed: string): ListedSetting {
  const key = checkSettingKey(typed);
  setting(config, key);
  return listed(chosen(config, key));
}

function listed(one: Chosen): ListedSetting {
  const { summary, otherwise } = settingOf(one.key);
  return { ...one, summary, otherwise };
}

/**
 * Sets a setting in a file of settings, or (without `value`) takes it out of there; without `origin` in the nearest file
 * that may hold it. See `changeSetting` for what is refused.
 */
export async function configure(
  config: Config,
  files: ConfigFiles,
  wish: SettingWish,
): Promise<ChangedSetting> {
  const done = await changeSetting(files, wish.key, wish.value, wish.origin);
  const now = chosen(config, done.key);
  const isOverruled = done.value !== undefined && strength(now.origin) > strength(done.origin);
  return { ...done, overruledBy: isOverruled ? now : undefined };
}
