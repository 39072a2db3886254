import { defaultText, parseSetting, type SettingKey, type SettingValue, settingOf } from './list.js';

/** Who may say what a setting is, from the weakest to the strongest. */
const ORIGINS = ['built-in', 'user', 'shared', 'workspace', 'environment', 'flag'] as const;

/** Who said what a setting is. */
export type Origin = (typeof ORIGINS)[number];

/** What one of them says. */
export interface Level {
  readonly origin: Exclude<Origin, 'built-in'>;
  /** The file; undefined for what is in none. */
  readonly file: string | undefined;
  /** Values as text, not yet checked. */
  readonly values: ReadonlyMap<SettingKey, string>;
}

/** Something in a file that is passed over. */
export interface SettingWarning {
  readonly what: string;
  /** What to do instead. */
  readonly instead?: string;
}

/** All settings, each with where it comes from. */
export interface Config {
  /** The strongest first. */
  readonly levels: readonly Level[];
  /** What is passed over, one sentence each. */
  readonly warnings: readonly SettingWarning[];
}

/** A setting as it stands. */
export interface Chosen {
  readonly key: SettingKey;
  /** As it was written; null without a value. */
  readonly text: string | null;
  readonly origin: Origin;
  readonly file: string | undefined;
}

/** Puts levels of any order together. */
export function makeConfig(levels: readonly Level[], warnings: readonly SettingWarning[] = []): Config {
  return { levels: levels.toSorted((a, b) => strength(b.origin) - strength(a.origin)), warnings };
}

/** Of two who speak the one with more counts. */
export function strength(origin: Origin): number {
  return ORIGINS.indexOf(origin);
}

/** The value of a setting. E_USAGE naming who gave it, when it is none that the setting takes. */
export function setting<K extends SettingKey>(config: Config, key: K): SettingValue<K>;
export function setting(config: Config, key: SettingKey): unknown {
  const { text, origin, file } = chosen(config, key);
  if (origin === 'built-in' || text === null) return settingOf(key).default;
  return parseSetting(key, text, file ?? sourceOf(key, origin), cureOf(key, origin));
}

/** What a setting is now, and who said so. */
export function chosen(config: Config, key: SettingKey): Chosen {
  for (const { origin, file, values } of config.levels) {
    const text = values.get(key);
    if (text !== undefined) return { key, text, origin, file };
  }
  return { key, text: defaultText(key) ?? null, origin: 'built-in', file: undefined };
}

/** How a person would call an origin that is no file. */
export function sourceOf(key: SettingKey, origin: Origin): string {
  return origin === 'environment' ? settingOf(key).variable : origin;
}

/** How a value that cannot be used is replaced, where it was given. */
function cureOf(key: SettingKey, origin: Origin): string {
  if (origin === 'environment') return `Change the variable ${sourceOf(key, origin)}, or unset it.`;
  const file = origin === 'workspace' ? '' : `--${origin} `;
  return `Set it anew with \`dvs config set ${file}${key} <value>\`, or \`dvs config unset ${file}${key}\`.`;
}
