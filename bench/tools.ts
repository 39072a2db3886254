import { borgTool } from './tools/borg.js';
import { cp } from './tools/cp.js';
import { dvc } from './tools/dvc.js';
import { dvs } from './tools/dvs.js';
import { gitLfs } from './tools/git-lfs.js';
import { resticTool } from './tools/restic.js';
import type { Tool } from './tools/tool.js';

/** All tools that can be compared, in the order of the table's columns. */
export const tools: readonly Tool[] = [dvs, resticTool, borgTool, gitLfs, dvc, cp];

/** The names of those that `dvs` is held against. */
export function peersAmong(some: readonly Tool[]): string[] {
  return some.filter((tool) => tool !== dvs && tool.keeps === 'chunks').map(({ name }) => name);
}
