import type { Origin } from './config.js';
import { type SettingKey, settingOf } from './list.js';

/** Who speaks through a file. */
export type FileOrigin = Extract<Origin, 'user' | 'shared' | 'workspace'>;

/** Why a setting is not taken from a file, and what to do instead. */
export interface Refusal {
  readonly reason: string;
  readonly instead: string;
}

/** Undefined when a setting is taken from files of this kind. */
export function refusal(key: SettingKey, origin: FileOrigin): Refusal | undefined {
  const { reach } = settingOf(key);
  if (origin === 'user' || reach === 'shared') return undefined;
  if (reach === 'user') {
    return {
      reason: 'only your own settings count',
      instead: `\`dvs config set --user ${key} <value>\``,
    };
  }
  if (origin === 'workspace') return undefined;
  return {
    reason: 'it is not for sharing',
    instead: `\`dvs config set ${key} <value>\` sets it on this machine`,
  };
}
