import type { Command } from 'commander';
import { type AddedVersion, type AddResult, add } from '../../src/flows/add.js';
import { toWorkspacePaths } from '../../src/flows/paths.js';
import { addLines, addView } from '../../src/wire/added.js';
import { changeLines, summaryOf } from '../changes.js';
import type { Dvs } from '../dvs.js';
import { count, formatBytes } from '../format.js';
import { ALLOW_ROOT_LINK, addExamples } from '../options.js';
import { type Line, styled } from '../report.js';

/** Changed paths shown for each version; `dvs diff` shows all. */
const SHOWN = 5;

interface Options {
  readonly name?: string;
  readonly message?: string;
  readonly dryRun?: boolean;
  readonly rehash?: boolean;
  readonly force?: boolean;
  readonly followSymlinks?: boolean;
  readonly allowRootLink?: boolean;
}

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [
    ['dvs add data', 'record a version of a folder, called data'],
    ['dvs add raw/mnist --name mnist -m "as published"', 'with another name and a reason'],
    ['dvs add', 'whatever changed of all that is tracked'],
  ])
    .argument('[paths...]', 'files or folders (default: every tracked path)')
    .option('--name <name>', 'record it under this name (default: the last part of the path)')
    .option('-m, --message <text>', 'why; it goes into the log')
    .option('-n, --dry-run', 'tell what would be recorded, and write nothing')
    .option('--rehash', 'read every file again, even those that look unchanged')
    .option('-f, --force', 'record files also that are from before what git brought into dvs.lock')
    .option('--follow-symlinks', 'store the bytes behind links, from now on, wherever they lead')
    .option('--no-follow-symlinks', 'store links as links again')
    .option('--allow-root-link', ALLOW_ROOT_LINK)
    .action((paths: string[], { followSymlinks, ...options }: Options) =>
      run(async ({ cwd, repository }) => {
        const repo = await repository();
        const result = await add(repo, {
          ...options,
          ...(followSymlinks === undefined ? {} : { followLinks: followSymlinks }),
          paths: await toWorkspacePaths(repo, cwd, paths),
        });
        return {
          view: () => addView(result),
          lines: () => addLines(result),
          brief: () => result.versions.map(({ id }) => id.toString()),
          text: () => lines(result),
        };
      }),
    );
}

function* lines({ versions, storedBytes, dryRun }: AddResult): Generator<Line> {
  for (const version of versions) yield* versionLines(version);
  const newBytes = versions.reduce((sum, version) => sum + version.newBytes, 0);
  if (dryRun) yield `Dry run: ${formatBytes(newBytes)} would be new; nothing was written.`;
  else if (versions.some(({ isNew }) => isNew)) {
    yield `Stored ${formatBytes(storedBytes)} for ${formatBytes(newBytes)} of new data.`;
  }
}

function* versionLines(added: AddedVersion): Generator<Line> {
  const { name, version, id, files, bytes, isNew, ignored, diff } = added;
  const title = `${name}:v${version}`;
  yield [styled('bold', title), '  ', styled('cyan', id.toString())];
  const size = `${count(files, 'file')}, ${formatBytes(bytes)}${ignoredNote(ignored)}`;
  if (!isNew) {
    yield `  ${size}; unchanged, so there is no new version`;
    return;
  }
  if (diff === undefined) {
    yield `  ${size}; the first version`;
    return;
  }
  yield `  ${size}; since v${version - 1}: ${summaryOf(diff)}`;
  yield* changeLines(diff, { indent: '  ', most: SHOWN, more: `dvs diff ${name}:v${version - 1} ${title}` });
}

/** `; 3 files and 1 folder ignored`, if there are any. */
function ignoredNote({ files, folders }: AddedVersion['ignored']): string {
  const parts = [files > 0 ? count(files, 'file') : [], folders > 0 ? count(folders, 'folder') : []].flat();
  return parts.length === 0 ? '' : ` (${parts.join(' and ')} ignored)`;
}
