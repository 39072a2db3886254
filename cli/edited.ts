import type { EditedVersion } from '../src/index.js';
import { editedView } from '../src/wire/edited.js';
import { changeLines, summaryOf } from './changes.js';
import { count, formatBytes } from './format.js';
import { type Line, type Report, styled } from './report.js';

/** Changed paths shown; `dvs diff` shows all. */
const SHOWN = 5;

/** What an edit of a dataset made. */
export function editedReport(edited: EditedVersion): Report {
  return {
    view: () => editedView(edited),
    brief: () => [edited.id.toString()],
    text: () => lines(edited),
  };
}

function* lines(edited: EditedVersion): Generator<Line> {
  const { name, version, id, files, bytes, newBytes, storedBytes, isNew, dryRun, diff, tracked, left } =
    edited;
  const title = `${name}:v${version}`;
  yield [styled('bold', title), '  ', styled('cyan', id.toString())];
  const size = `${count(files, 'file')}, ${formatBytes(bytes)}`;
  if (!isNew) {
    yield `  ${size}; that is how it was, so there is no new version`;
    return;
  }
  yield `  ${size}; since v${version - 1}: ${summaryOf(diff)}`;
  yield* changeLines(diff, { indent: '  ', most: SHOWN, more: `dvs diff ${name}:v${version - 1} ${title}` });
  if (dryRun) {
    yield `Dry run: ${formatBytes(newBytes)} would be new; nothing was written.`;
    return;
  }
  yield `Stored ${formatBytes(storedBytes)} for ${formatBytes(newBytes)} of new data.`;
  if (tracked === undefined) return;
  if (left === undefined) yield `${tracked} follows: its files and dvs.lock are at ${title}.`;
  else {
    yield [styled('yellow', `dvs.lock is at ${title}, but some files were left as they are: `), left];
    yield `See what differs: dvs diff ${tracked}`;
  }
}
