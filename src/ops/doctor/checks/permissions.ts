import { existsSync } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from '../../../base/errors.js';
import { type Check, type Finding, note, ok, problem } from '../check.js';

export const permissions: Check = {
  name: 'permissions',
  async *run({ workspace, cwd }) {
    if (workspace === undefined) {
      yield (await mayWrite(cwd))
        ? ok(`this user may write to ${cwd}`)
        : note(`this user may not write to ${cwd}`, 'A workspace needs a folder of your own.');
      return;
    }
    const { root, ownDir, storeDir, tmpDir, spoolDir, lockPath, settingsPath } = workspace;
    const inner = ['packs', 'log', 'catalogue'].map((name) => join(storeDir, name));
    let isFine = true;
    const places = [root, ownDir, tmpDir, storeDir, spoolDir, ...inner, lockPath, settingsPath];
    for (const path of new Set(places)) {
      const finding = await look(path);
      if (finding === undefined) continue;
      isFine = false;
      yield finding;
    }
    const what = existsSync(storeDir)
      ? 'workspace and store belong'
      : 'the workspace, without its store, belongs';
    if (isFine) yield ok(`${what} to this user, who may write there`);
  },
};

async function look(path: string): Promise<Finding | undefined> {
  const owner = await ownerIdOf(path);
  if (owner === undefined) return undefined;
  const self = process.getuid?.();
  if (!(await mayWrite(path))) {
    return problem(
      `this user may not write to ${path}`,
      'Reading works. To record versions, give yourself the right to write there.',
    );
  }
  if (self === undefined || self === owner) return undefined;
  return note(
    `${path} belongs to another user (${owner})`,
    `Commands run with sudo leave such files. To own it: sudo chown -R ${self} ${path}`,
  );
}

async function ownerIdOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).uid;
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

async function mayWrite(path: string): Promise<boolean> {
  try {
    await access(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
