import type { Command } from 'commander';
import { folderOf, toWorkspacePaths } from '../../src/flows/paths.js';
import { status, type TrackedStatus, type WorkspaceStatus } from '../../src/flows/status.js';
import { statusLines, statusView } from '../../src/wire/status.js';
import { changeLines, nowIgnoredLine, summaryOf } from '../changes.js';
import type { Dvs } from '../dvs.js';
import { STATUS } from '../exit.js';
import { count, versionName } from '../format.js';
import { ALLOW_ROOT_LINK, addExamples } from '../options.js';
import { partialSpans } from '../partial.js';
import { type Fields, records, statusFields } from '../records.js';
import { type Display, type Line, type Span, styled } from '../report.js';

/** Changed paths shown for each tracked path; `dvs diff` shows all. */
const SHOWN = 10;

interface Options {
  readonly rehash?: boolean;
  readonly porcelain?: boolean;
  readonly z?: boolean;
  readonly allowRootLink?: boolean;
}

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [
    ['dvs status', 'what changed, and the commands for it'],
    ['dvs status -q || dvs add', 'exit code 1 when anything changed'],
    ['dvs status --rehash data', 'read every file of one path again'],
    ['dvs status --porcelain', 'for another program'],
  ])
    .argument('[paths...]', 'only these tracked paths')
    .option('--rehash', 'read every file again, even those that look unchanged')
    .option('--porcelain', 'print a letter and the path for each file that changed, for other programs')
    .option('-z', 'the same, as they are, each ended by NUL')
    .option('--allow-root-link', ALLOW_ROOT_LINK)
    .action((paths: string[], { porcelain = false, z = false, ...options }: Options) =>
      run(async ({ cwd, repository, quiet }) => {
        const repo = await repository();
        const found = await status(repo, { ...options, paths: await toWorkspacePaths(repo, cwd, paths) });
        const documents = {
          view: () => statusView(found),
          lines: () => statusLines(found),
          status: quiet && !found.clean ? STATUS.no : STATUS.done,
        };
        if (!quiet && (porcelain || z)) return { ...documents, plain: () => records(fields(found), z) };
        return { ...documents, brief: () => [], text: (display) => lines(found, display) };
      }),
    );
}

/** Letters as `diff --name-status` has them; of a whole tracked path `D` (not on disk) or `X` (not in the store). */
function* fields({ tracked, untracked }: WorkspaceStatus): Generator<Fields> {
  for (const one of tracked) {
    const path = one.type === 'folder' ? `${one.path}/` : one.path;
    if (one.state === 'absent') yield ['D', path];
    else if (one.state === 'unknown') yield ['X', path];
    else yield* statusFields(one.diff, folderOf(one));
  }
  for (const path of untracked) yield ['?', path];
}

function* lines({ tracked, untracked }: WorkspaceStatus, display: Display): Generator<Line> {
  if (tracked.length === 0) yield 'Nothing is tracked. Begin with `dvs add <path>`.';
  for (const one of tracked) yield* trackedLines(one, display);
  if (untracked.length === 0) return;
  yield 'Not tracked (`dvs add <path>` records it):';
  for (const path of untracked) yield `  ${path}`;
}

function* trackedLines(tracked: TrackedStatus, display: Display): Generator<Line> {
  const { path, name, version, state, diff, nowIgnored, isBefore } = tracked;
  const known = versionName(name, version) ?? name;
  const part: Span[] =
    tracked.partial === undefined ? [] : ['  checked out in part: ', ...partialSpans(tracked.partial)];
  const title = [styled('bold', path), ` (${known}): `];
  if (state === 'clean') yield [...title, styled('green', 'clean'), ...part];
  else if (state === 'absent') {
    yield [...title, styled('red', 'not on disk')];
    yield `  bring it back:  dvs checkout ${path}`;
  } else if (state === 'unknown') {
    yield [...title, styled('red', 'the store has not got this version')];
    yield '  use the store that has:  dvs init --store <folder>';
    yield `  record what is on disk:  dvs add ${path}`;
  } else {
    yield [...title, styled('yellow', summaryOf(diff)), ...part];
    const folder = folderOf(tracked);
    yield* changeLines(diff, { indent: '  ', folder, most: SHOWN, more: 'dvs diff', display });
    if (nowIgnored > 0) yield nowIgnoredLine(nowIgnored, '  ');
    if (isBefore) {
      yield `  git merged this, and the files are from before; bring them along:  dvs checkout ${path}`;
      return;
    }
    if (tracked.onDisk !== undefined) {
      yield `  the files are those of ${tracked.onDisk.name}:v${tracked.onDisk.version}, all recorded`;
      yield `  bring ${known}:  dvs checkout ${path}`;
      return;
    }
    if (tracked.changedFrom !== undefined) {
      const from = `${tracked.changedFrom.name}:v${tracked.changedFrom.version}`;
      yield `  these are files of ${from} that were changed, and dvs.lock is at ${known}`;
    }
    yield `  record it:  dvs add ${path}`;
    // What was modified was never added, and a checkout does not overwrite that unasked.
    yield `  undo it:    dvs checkout ${path}${diff.modified.length > 0 ? ' --force' : ''}`;
    if (diff.added.length > 0) yield `              (leaves ${count(diff.added.length, 'added file')} alone)`;
  }
}
