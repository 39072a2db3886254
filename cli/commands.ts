import type { Command } from 'commander';
import type { Dvs } from './dvs.js';

/** A file in `commands/`: says what its command takes, and what it does with that. */
export interface CommandFile {
  define(command: Command, dvs: Dvs): void;
}

/** A command as the list of commands has it. The rest is loaded only when the command is wanted. */
export interface CommandSummary {
  readonly name: string;
  readonly summary: string;
  /** True when what follows `--` are paths or globs in a dataset, kept apart from the other arguments. */
  readonly takesPatterns?: boolean;
  /** True for what programs call: it has help and a page of its own, and is not in the list that help shows. */
  readonly isHidden?: boolean;
  load(): Promise<CommandFile>;
}

/** THE list of commands, in the order in which help shows them. */
export const COMMANDS: readonly CommandSummary[] = [
  {
    name: 'init',
    summary: 'make a folder a dvs workspace',
    load: () => import('./commands/init.js'),
  },
  {
    name: 'add',
    summary: 'record a version of files or folders',
    load: () => import('./commands/add.js'),
  },
  {
    name: 'checkout',
    summary: 'bring back exactly the bytes of a version',
    takesPatterns: true,
    load: () => import('./commands/checkout.js'),
  },
  {
    name: 'status',
    summary: 'tell what changed on disk since it was recorded',
    load: () => import('./commands/status.js'),
  },
  {
    name: 'diff',
    summary: 'compare two versions, or a version with what is on disk',
    takesPatterns: true,
    load: () => import('./commands/diff.js'),
  },
  {
    name: 'log',
    summary: 'list how names and tags moved, newest first',
    load: () => import('./commands/log.js'),
  },
  {
    name: 'show',
    summary: 'tell what an ID is and where it comes from',
    load: () => import('./commands/show.js'),
  },
  {
    name: 'ls',
    summary: 'list names, or the files of a dataset',
    load: () => import('./commands/ls.js'),
  },
  {
    name: 'cat',
    summary: 'print a file of a dataset, or a range of it',
    load: () => import('./commands/cat.js'),
  },
  {
    name: 'put',
    summary: 'put files into a dataset without checking it out',
    load: () => import('./commands/put.js'),
  },
  {
    name: 'rm',
    summary: 'remove files from a dataset without checking it out',
    load: () => import('./commands/rm.js'),
  },
  {
    name: 'mv',
    summary: 'rename files of a dataset, or move a tracked path',
    load: () => import('./commands/mv.js'),
  },
  {
    name: 'untrack',
    summary: 'track paths no longer; their files and versions stay',
    load: () => import('./commands/untrack.js'),
  },
  {
    name: 'resolve',
    summary: 'turn a reference into the full ID',
    load: () => import('./commands/resolve.js'),
  },
  {
    name: 'tag',
    summary: 'set, move, list or delete the tags of a name',
    load: () => import('./commands/tag.js'),
  },
  {
    name: 'check-ignore',
    summary: 'tell which paths are ignored, and by which pattern',
    load: () => import('./commands/check-ignore.js'),
  },
  {
    name: 'merge',
    summary: 'put the changes of two versions together',
    load: () => import('./commands/merge.js'),
  },
  {
    name: 'verify',
    summary: 'read and hash everything again, and list what is damaged',
    load: () => import('./commands/verify.js'),
  },
  {
    name: 'install',
    summary: 'make git bring the data along',
    load: () => import('./commands/install.js'),
  },
  {
    name: 'uninstall',
    summary: 'take out of git what install put there',
    load: () => import('./commands/uninstall.js'),
  },
  {
    name: 'index',
    summary: 'make the index of the store again',
    load: () => import('./commands/index.js'),
  },
  {
    name: 'du',
    summary: 'tell how much room names, versions and folders take up',
    load: () => import('./commands/du.js'),
  },
  {
    name: 'unprotect',
    summary: 'make files writable that are hard links of the cache',
    load: () => import('./commands/unprotect.js'),
  },
  {
    name: 'cache',
    summary: 'look at the cache of this machine, and make room in it',
    load: () => import('./commands/cache.js'),
  },
  {
    name: 'merge-driver',
    summary: 'merge dvs.lock for git',
    isHidden: true,
    load: () => import('./commands/merge-driver.js'),
  },
  {
    name: 'git-hook',
    summary: 'bring the data along, called by a hook of git',
    isHidden: true,
    load: () => import('./commands/git-hook.js'),
  },
];
