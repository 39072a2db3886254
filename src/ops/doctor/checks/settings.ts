import { stat } from 'node:fs/promises';
import { systemCode } from '../../../base/errors.js';
import { setting } from '../../../workspace/settings/config.js';
import { SETTING_KEYS } from '../../../workspace/settings/list.js';
import { type Check, note, ok, problem } from '../check.js';

/** Write permission for group and others. */
const OTHERS_WRITE = 0o022;

export const settings: Check = {
  name: 'settings',
  async *run({ config: reading, userConfig }) {
    const config = await reading;
    for (const key of SETTING_KEYS) setting(config, key);
    const files = config.levels.flatMap(({ file }) => file ?? []);
    yield ok(files.length === 0 ? 'all built-in' : `read from ${files.join(', ')}`);
    for (const { what, instead: how = 'take it out of that file' } of config.warnings) {
      yield note(what, `${how[0]?.toUpperCase()}${how.slice(1)}.`);
    }
    if (userConfig !== undefined && (await othersWrite(userConfig))) {
      yield problem(
        `others may write to ${userConfig}, which can name a program to run`,
        `Keep them out: chmod go-w ${userConfig}`,
      );
    }
  },
};

async function othersWrite(path: string): Promise<boolean> {
  try {
    return ((await stat(path)).mode & OTHERS_WRITE) !== 0;
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return false;
    throw error;
  }
}
