import type { Origin } from './config.js';
import { type SettingKey, settingOf } from './list.js';

/** Who speaks through a file. */
export type FileOrigin = Extract<Origin, 'user' | 'shared' | 'workspace'>;

/** Why a setting is not taken from files of this kind; undefined when it is. */
export function refusal(key: SettingKey, origin: FileOrigin): string | undefined {
  const { reach } = settingOf(key);
  if (origin === 'user' || reach === 'shared') return undefined;
  if (reach === 'user') {
    return `is ignored there: only your own settings count; \`dvs config set --user ${key} <value>\``;
  }
  if (origin === 'workspace') return undefined;
  return `is ignored there: it is not for sharing; \`dvs config set ${key} <value>\` sets it on this machine`;
}
