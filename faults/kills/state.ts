import { differences, type Files } from '../files.js';

/** What of a workspace a killed command may have changed. */
export interface State {
  readonly files: Files;
  readonly versions: readonly string[];
  readonly tag: string | undefined;
  /** What dvs.lock says. */
  readonly recorded: string | undefined;
}

/** What a command is about: the files it adds, brings or makes, and the ID, which an `add` or edit only finds out. */
export interface Aim {
  readonly command: 'add' | 'tag' | 'checkout' | 'put' | 'rm' | 'mv';
  readonly args: readonly string[];
  readonly files: Files;
  readonly id: string | undefined;
}

/** Whether a command makes a version. */
export function makesVersion({ command }: Aim): boolean {
  return command !== 'tag' && command !== 'checkout';
}

/** Whether a command edits the latest version, which the files may follow. */
export function isEdit({ command }: Aim): boolean {
  return command === 'put' || command === 'rm' || command === 'mv';
}

/** True when a command had changed something that lasts. */
export function isFurther(before: State, now: State): boolean {
  return (
    now.versions.length > before.versions.length ||
    now.tag !== before.tag ||
    now.recorded !== before.recorded ||
    differences(before.files, now.files).length > 0
  );
}

/** What is neither as it was before a command nor as the command makes it. */
export function half(before: State, aim: Aim, now: State): string[] {
  const { command, files, id } = aim;
  const failures: string[] = [];
  const old = command === 'add' ? files : before.files;
  for (const path of differences(old, now.files)) {
    const mayBeNew = command === 'checkout' || isEdit(aim);
    const isNew = mayBeNew && now.files.get(path) === files.get(path);
    if (!isNew) failures.push(`the file ${path} is neither old nor new`);
  }
  if (now.tag !== before.tag && (command !== 'tag' || now.tag !== id)) {
    failures.push(`the tag is ${now.tag}, neither old nor new`);
  }
  const made = makesVersion(aim) ? now.versions.at(-1) : id;
  if (now.recorded !== before.recorded && (command === 'tag' || now.recorded !== made)) {
    failures.push(`dvs.lock says ${now.recorded}, neither old nor new`);
  }
  return failures;
}

/** What a command that said it was done has not done. */
export function unfinished(aim: Aim, now: State): string[] {
  const { command, files, id } = aim;
  // Files that are not at the latest version, be it that they were left so by a kill, do not follow.
  if (isEdit(aim) && now.recorded !== now.versions.at(-1)) return [];
  if (command === 'tag') return now.tag === id ? [] : [`the tag is ${now.tag}`];
  const made = makesVersion(aim) ? now.versions.at(-1) : id;
  const wrong = differences(files, now.files);
  return [
    ...(now.recorded === made ? [] : [`dvs.lock says ${now.recorded} instead of ${made}`]),
    ...(wrong.length === 0 ? [] : [`these files are not as they should be: ${wrong.join(', ')}`]),
  ];
}
