import { DvsError } from '../../base/errors.js';
import { GiB, LIMITS } from '../../base/limits.js';
import { didYouMean } from '../../base/suggest.js';
import { folder, oneOf, type SettingType, size, text, wholeNumber } from './types.js';

/**
 * From which files a setting is taken. `shared`: also from dvs.toml, which strangers bring. `workspace`: from the files
 * of this machine. `user`: from this user's own file alone, because a cloned repository may bring even a `.dvs`; that is
 * what names a command to run or a place outside, and what is one for all workspaces.
 */
export type Reach = 'shared' | 'workspace' | 'user';

/** Something that can be chosen. */
export interface Setting<T, D extends T | undefined = T | undefined> {
  readonly type: SettingType<T>;
  readonly default: D;
  /** What holds without a value, where `default` does not tell. */
  readonly otherwise?: string;
  readonly summary: string;
  readonly reach: Reach;
  /** The environment variable that sets it. */
  readonly variable: string;
}

function define<T>(setting: Omit<Setting<T, T>, 'default'> & { default: NoInfer<T> }): Setting<T, T> {
  return setting;
}

function optional<T>(setting: Omit<Setting<T, undefined>, 'default'> & { otherwise: string }): Setting<T> {
  return { ...setting, default: undefined };
}

/** THE list of settings. */
export const SETTINGS = {
  'core.jobs': optional({
    type: wholeNumber(1, LIMITS.jobs),
    otherwise: 'one for each core, at most 16',
    summary: 'threads to use',
    reach: 'workspace',
    variable: 'DVS_JOBS',
  }),
  'core.color': define({
    type: oneOf('auto', 'always', 'never'),
    default: 'auto',
    summary: 'colours in what is printed; auto: on a terminal',
    reach: 'workspace',
    variable: 'DVS_COLOR',
  }),
  'core.pager': optional({
    type: text,
    otherwise: '$PAGER, else less',
    summary: 'the program that shows what is longer than a screen',
    reach: 'user',
    variable: 'DVS_PAGER',
  }),
  'core.user': optional({
    type: text,
    otherwise: 'user@host',
    summary: 'who is named in the log and in runs',
    reach: 'workspace',
    variable: 'DVS_USER',
  }),
  'cache.dir': optional({
    type: folder,
    otherwise: 'dvs in the cache folder of this user',
    summary: 'where whole files are kept to be linked from',
    reach: 'user',
    variable: 'DVS_CACHE_DIR',
  }),
  'cache.size': define({
    type: size,
    default: 10 * GiB,
    summary: 'how large the cache may get; 0 switches it off',
    reach: 'user',
    variable: 'DVS_CACHE_SIZE',
  }),
  'checkout.link': define({
    type: oneOf('auto', 'reflink', 'hardlink', 'copy'),
    default: 'auto',
    summary: 'how checkout makes files out of those in the cache',
    reach: 'shared',
    variable: 'DVS_CHECKOUT_LINK',
  }),
} as const;

/** The name of a setting, such as `core.jobs`. */
export type SettingKey = keyof typeof SETTINGS;

/** What the reader of a setting gets: undefined only for one that has no default. */
export type SettingValue<K extends SettingKey> = (typeof SETTINGS)[K]['default'];

export const SETTING_KEYS: readonly SettingKey[] = Object.keys(SETTINGS).filter(isSettingKey);

export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(SETTINGS, key);
}

/** The setting of this name, to be looked at in general. */
export function settingOf(key: SettingKey): Setting<unknown> {
  return SETTINGS[key];
}

/** The built-in value of a setting as text; undefined when it has none. */
export function defaultText(key: SettingKey): string | undefined {
  const { type, default: builtIn } = settingOf(key);
  return builtIn === undefined ? undefined : (type.format?.(builtIn) ?? String(builtIn));
}

/** The key that was typed; E_USAGE with the nearest ones when there is none. */
export function checkSettingKey(typed: string): SettingKey {
  if (isSettingKey(typed)) return typed;
  throw new DvsError('E_USAGE', `there is no setting ${typed.slice(0, 200)}`, {
    about: [typed],
    hint: didYouMean(typed, SETTING_KEYS) ?? '`dvs config list` shows all settings.',
  });
}

/**
 * The value in `given`; E_USAGE when the setting takes no such thing. `where` says who gave it, and `cure` how to give
 * another.
 */
export function parseSetting<K extends SettingKey>(
  key: K,
  given: string,
  where: string,
  cure: string,
): SettingValue<K>;
export function parseSetting(key: SettingKey, given: string, where: string, cure: string): unknown {
  const { type } = settingOf(key);
  const value = type.parse(given);
  if (value !== undefined) return value;
  throw new DvsError('E_USAGE', `${where}: ${key} cannot be ${JSON.stringify(given.slice(0, 200))}`, {
    about: [key],
    hint: `It takes ${type.takes}. ${cure}`,
  });
}
