import { borgTool } from './tools/borg.js';
import { cp } from './tools/cp.js';
import { dvs } from './tools/dvs.js';
import { resticTool } from './tools/restic.js';
import type { Tool } from './tools/tool.js';

/** All tools that can be compared, in the order of the table's columns. */
export const tools: readonly Tool[] = [dvs, resticTool, borgTool, cp];
