import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { replaceFile } from '../../backend/durable.js';
import { utf8 } from '../../base/bytes.js';
import { DvsError, ioError, systemCode } from '../../base/errors.js';
import { makePath } from '../../base/make-path.js';
import { exclusive } from '../exclusive.js';
import { checkSettingKey, parseSetting, type SettingKey, settingOf } from './list.js';
import { type FileOrigin, refusal } from './reach.js';
import { type ConfigFiles, readSettingsText } from './read.js';

/** A change of a file of settings. */
export interface SettingChange {
  readonly key: SettingKey;
  /** Undefined for one that was taken out. */
  readonly value: string | undefined;
  readonly origin: FileOrigin;
  readonly file: string;
  readonly changed: boolean;
}

/**
 * Sets a setting in the file of `origin`, by default the nearest that may hold it, or takes it out. What else the file
 * has stays, and of two who change it at once neither loses anything. E_USAGE for what the setting or the file does not
 * take, E_NO_STORE without a workspace.
 */
export async function changeSetting(
  files: ConfigFiles,
  typed: string,
  value: string | undefined,
  wanted?: FileOrigin,
): Promise<SettingChange> {
  const key = checkSettingKey(typed);
  if (value !== undefined) parseSetting(key, value, 'config set', `Write \`dvs config set ${key} <value>\`.`);
  const origin = wanted ?? (settingOf(key).reach === 'user' ? 'user' : 'workspace');
  const why = value === undefined ? undefined : refusal(key, origin);
  const path = pathOf(files, origin);
  if (why !== undefined) {
    throw new DvsError('E_USAGE', `${key} in ${path} would be ignored there: ${why.reason}`, {
      hint: `Instead: ${why.instead}`,
    });
  }
  const { editToml } = await import('./edit.js');
  return exclusive(await lockOf(files, origin, path), async () => {
    const before = (await readSettingsText(origin, path)) ?? '';
    const after = editToml(path, before, key, value);
    const changed = after !== before;
    // The file itself where it is a link, so that it stays one.
    if (changed)
      await replaceFile(origin === 'user' ? await target(path) : path, utf8(after), staging(files, origin));
    return { key, value, origin, file: path, changed };
  });
}

function pathOf({ user, workspace }: ConfigFiles, origin: FileOrigin): string {
  if (origin === 'user') {
    if (user !== undefined) return user;
    throw new DvsError('E_USAGE', 'this user has no home folder to keep settings in', {
      hint: 'Name a file with the variable DVS_CONFIG.',
    });
  }
  if (workspace !== undefined) return origin === 'shared' ? workspace.settingsPath : workspace.configPath;
  throw new DvsError('E_NO_STORE', 'these settings belong to a workspace, and there is none here', {
    hint: 'Go to one, or set it for all of yours: `dvs config set --user <key> <value>`.',
  });
}

function staging({ workspace }: ConfigFiles, origin: FileOrigin): string | undefined {
  return origin === 'user' ? undefined : workspace?.tmpDir;
}

/** Where the lock is kept while the file is changed; its folder is made. */
async function lockOf({ workspace }: ConfigFiles, origin: FileOrigin, path: string): Promise<string> {
  const folder = origin === 'user' || workspace === undefined ? dirname(path) : workspace.tmpDir;
  try {
    makePath(folder);
  } catch (error) {
    throw ioError(error, 'making the folder', folder);
  }
  return join(folder, `${basename(path)}.lock`);
}

async function target(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return path;
    throw ioError(error, 'resolving', path);
  }
}
