/** A way to say in dvs what a word means in git, DVC, git-lfs, git-annex or hf. */
interface Habit {
  readonly words: readonly string[];
  readonly line: string;
  readonly purpose: string;
}

/** Words of git, DVC, git-lfs and hf that are no commands here. */
export const HABITS: readonly Habit[] = [
  {
    words: ['commit', 'ci', 'stage', 'save', 'track', 'upload', 'import', 'snapshot', 'freeze'],
    line: 'dvs add <path> -m <message>',
    purpose: 'which records a version at once',
  },
  {
    words: ['clone', 'create', 'setup', 'start', 'new'],
    line: 'dvs init',
    purpose: 'in the folder that git brought',
  },
  {
    words: [
      'restore',
      'reset',
      'revert',
      'switch',
      'co',
      'get',
      'pull',
      'download',
      'smudge',
      'unlock',
      'back',
    ],
    line: 'dvs checkout <path or version>',
    purpose: 'which brings a version back',
  },
  {
    words: ['push', 'publish', 'sync', 'remote', 'share'],
    line: 'dvs init --store <folder>',
    purpose: 'which keeps the store where others reach it; there are no remotes yet',
  },
  {
    words: ['stash', 'clean', 'undo'],
    line: 'dvs checkout <path> --force',
    purpose: 'which gives up what was never added',
  },
  {
    words: ['remove', 'delete', 'del', 'unstage'],
    line: 'dvs rm <name>/<path>',
    purpose: 'which takes files out of a dataset',
  },
  {
    words: ['remove', 'delete', 'forget', 'unadd'],
    line: 'dvs untrack <path>',
    purpose: 'which stops tracking and leaves the files',
  },
  {
    words: ['move', 'rename'],
    line: 'dvs mv <from> <to>',
    purpose: 'which renames in a dataset',
  },
  {
    words: ['copy', 'cp', 'write'],
    line: 'dvs put <files> <name>/<path>',
    purpose: 'which adds files to a dataset',
  },
  {
    words: ['list', 'dir', 'ls-files', 'ls-tree', 'list-url', 'names'],
    line: 'dvs ls',
    purpose: 'which lists names, or files of a dataset',
  },
  {
    words: ['history', 'reflog', 'whatchanged', 'versions'],
    line: 'dvs log [name]',
    purpose: 'which lists versions, newest first',
  },
  {
    words: ['st', 'state', 'changes'],
    line: 'dvs status',
    purpose: 'which tells what changed',
  },
  {
    words: ['compare', 'metrics', 'params', 'difftool'],
    line: 'dvs diff <A> <B>',
    purpose: 'which compares versions',
  },
  {
    words: ['info', 'describe', 'inspect', 'blame'],
    line: 'dvs show <ref>',
    purpose: 'which tells what it is and where it comes from',
  },
  {
    words: ['rev-parse', 'hash', 'hash-object', 'id'],
    line: 'dvs resolve <ref>',
    purpose: 'which prints the full ID',
  },
  {
    words: ['print', 'cat-file', 'open', 'read', 'get-url'],
    line: 'dvs cat <name>/<path>',
    purpose: 'which prints a file',
  },
  {
    words: ['fsck', 'check', 'validate'],
    line: 'dvs verify',
    purpose: 'which reads and hashes everything again',
  },
  {
    words: ['reindex', 'repair'],
    line: 'dvs index rebuild',
    purpose: 'which makes the index again',
  },
  {
    words: ['label', 'alias'],
    line: 'dvs tag <version> <tag>',
    purpose: 'which names a version',
  },
  {
    words: ['env', 'health', 'diagnose'],
    line: 'dvs doctor',
    purpose: 'which looks at store, disk and versions',
  },
  {
    words: ['settings', 'configure', 'set'],
    line: 'dvs config list',
    purpose: 'which shows all settings',
  },
  {
    words: ['completions', 'autocomplete'],
    line: 'dvs completion bash',
    purpose: 'which prints the script',
  },
  {
    words: ['man', 'manual', 'usage'],
    line: 'dvs help <command>',
    purpose: 'which shows examples',
  },
  {
    words: ['hook', 'hooks', 'init-hooks'],
    line: 'dvs install',
    purpose: 'which adds hooks to git',
  },
  {
    words: ['usage', 'size', 'df'],
    line: 'dvs du',
    purpose: 'which tells what takes how much',
  },
  { words: ['prune'], line: 'dvs cache prune', purpose: 'which makes room' },
  {
    words: ['unlock', 'edit'],
    line: 'dvs unprotect <path>',
    purpose: 'which makes linked files yours to change',
  },
  {
    words: ['ignore', 'check-ignored'],
    line: 'dvs check-ignore <path>',
    purpose: 'which tells why a path is ignored',
  },
];

/** What a word of another tool is called here, as far as the commands `known` go: `` `dvs add …`, which … ``. */
export function habitsOf(word: string, known: readonly string[]): string[] {
  const wanted = word.toLowerCase();
  return HABITS.filter(({ words, line }) => {
    const [, command = ''] = line.split(' ');
    return (
      words.includes(wanted) && (known.includes(command) || command === 'help' || command.startsWith('-'))
    );
  }).map(({ line, purpose }) => `\`${line}\`, ${purpose}`);
}
