/** What may stand in the place of an argument or of an option's value; a `place` is a file or a reference. */
export type Kind =
  | 'reference'
  | 'name'
  | 'tracked'
  | 'file'
  | 'place'
  | 'folder'
  | 'setting'
  | 'value'
  | 'other';

/** By the words that stand for them in `dvs help`; a test wants every such word here. */
export const KIND_OF: Readonly<Record<string, Kind>> = {
  ref: 'reference',
  refs: 'reference',
  base: 'reference',
  ours: 'reference',
  theirs: 'reference',
  from: 'reference',
  to: 'reference',
  A: 'reference',
  B: 'reference',
  split: 'reference',
  name: 'name',
  path: 'file',
  paths: 'file',
  dest: 'file',
  files: 'place',
  dir: 'folder',
  folder: 'folder',
  key: 'setting',
  value: 'value',
  tag: 'other',
  rev: 'other',
  columns: 'other',
  hook: 'other',
  args: 'other',
  text: 'other',
  n: 'other',
  size: 'other',
  shell: 'other', // its choices are known
  words: 'other',
  chars: 'other',
  char: 'other',
  field: 'other',
  sample: 'other',
  part: 'other',
  parts: 'other',
  checks: 'other',
};

/** Where a word means something else: `<command> <word>`. */
export const EXCEPTIONS: Readonly<Record<string, Kind>> = {
  'merge-driver base': 'file',
  'merge-driver ours': 'file',
  'merge-driver theirs': 'file',
  'status paths': 'tracked',
  'untrack paths': 'tracked',
};

/** What `word`, as help writes it, stands for in a command. */
export function kindOf(command: string, word: string): Kind {
  return EXCEPTIONS[`${command} ${word}`] ?? KIND_OF[word] ?? 'other';
}

/** `dir` of `-C <dir>`; '' for an option without a value. */
export function placeholder(flags: string): string {
  return /[<[]([A-Za-z]+)/.exec(flags)?.[1] ?? '';
}
