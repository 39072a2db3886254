import type { TrackedStatus, WorkspaceStatus } from '../flows/status.js';
import { changeLines, type DiffView, diffView } from './diff.js';

export interface TrackedView extends DiffView {
  readonly path: string;
  readonly name: string;
  readonly version: number | null;
  readonly id: string;
  readonly type: 'folder' | 'file';
  readonly state: TrackedStatus['state'];
  /** Patterns of what is checked out; null when that is all. */
  readonly partial: readonly string[] | null;
  /** Whether git merged `dvs.lock` here, and the files are those from before that. */
  readonly isBefore: boolean;
  /** The version that the files are, such as `data:v1`, when that is another one; else null. */
  readonly onDisk: string | null;
  /** The version that the files were before they were changed, when that is another one; else null. */
  readonly changedFrom: string | null;
  /** Of those removed: still on disk, and ignored by now. */
  readonly nowIgnored: number;
}

export interface StatusView {
  readonly clean: boolean;
  readonly tracked: readonly TrackedView[];
  readonly untracked: readonly string[];
}

export function statusView({ clean, tracked, untracked }: WorkspaceStatus): StatusView {
  return { clean, tracked: tracked.map(trackedView), untracked };
}

/** The same, one by one: each tracked path, what changed in it, and what is not tracked. */
export function* statusLines({ tracked, untracked }: WorkspaceStatus): Generator<object> {
  for (const one of tracked) {
    const { added, removed, modified, renamed, ...facts } = trackedView(one);
    yield { line: 'tracked', ...facts };
    yield* changeLines({ added, removed, modified, renamed });
  }
  for (const path of untracked) yield { line: 'untracked', path };
}

function trackedView(tracked: TrackedStatus): TrackedView {
  const { path, name, version, id, type, state, partial, isBefore, onDisk, changedFrom, nowIgnored, diff } =
    tracked;
  return {
    path,
    name,
    version: version ?? null,
    id: id.toString(),
    type,
    state,
    partial: partial ?? null,
    isBefore,
    onDisk: nameOf(onDisk),
    changedFrom: nameOf(changedFrom),
    nowIgnored,
    ...diffView(diff),
  };
}

function nameOf(version: TrackedStatus['onDisk']): string | null {
  return version === undefined ? null : `${version.name}:v${version.version}`;
}
