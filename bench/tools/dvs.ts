import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MAIN } from '../main.js';
import type { Command } from '../measure.js';
import type { Tool } from './tool.js';

const PACKAGE = fileURLToPath(new URL('../../../package.json', import.meta.url));

/** One dvs command in a workspace. */
export function dvsCommand(cwd: string, ...args: string[]): Command {
  return { file: process.execPath, args: [MAIN, ...args], cwd };
}

export const dvs: Tool = {
  name: 'dvs',
  keeps: 'chunks',
  note: '`dvs add`, `dvs checkout`; as it comes, one thread a core',
  version() {
    const { version }: { version: string } = JSON.parse(readFileSync(PACKAGE, 'utf8'));
    return version;
  },
  init: ({ work }) => [dvsCommand(work, 'init', '-q')],
  add: ({ work }) => dvsCommand(work, 'add', '-q', 'data'),
  checkout: ({ work, restored }) => dvsCommand(work, 'checkout', '-q', 'data:latest', join(restored, 'data')),
  stored: ({ work }) => join(work, '.dvs'),
};
