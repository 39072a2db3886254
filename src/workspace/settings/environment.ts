import type { Level } from './config.js';
import { SETTING_KEYS, type SettingKey, settingOf } from './list.js';

/** The settings in variables of the environment; an empty one counts as none. */
export function environmentLevel(environment: Readonly<Record<string, string | undefined>>): Level {
  const values = new Map<SettingKey, string>();
  for (const key of SETTING_KEYS) {
    const value = environment[settingOf(key).variable];
    if (value !== undefined && value !== '') values.set(key, value);
  }
  return { origin: 'environment', file: undefined, values };
}
