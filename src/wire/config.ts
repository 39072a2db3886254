import type { ChangedSetting, ListedSetting } from '../flows/config.js';

export function settingView({ key, text, origin, file }: ListedSetting): object {
  return { key, value: text, origin, file: file ?? null };
}

export function settingChangeView({ key, value, origin, file, changed }: ChangedSetting): object {
  return { key, value: value ?? null, origin, file, changed };
}
