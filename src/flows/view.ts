import { utf8 } from '../base/bytes.js';
import type { CID } from '../id/cid.js';
import { type Digest, sha256 } from '../id/hash.js';
import { RULE_FILE } from '../workspace/ignore/rule-file.js';
import type { LockEntry } from '../workspace/lock.js';
import { readPartial, updatePartial } from '../workspace/partial.js';
import { matcher, prefixesOf } from '../workspace/patterns.js';
import type { Repository } from './repository.js';

/** The part of a tracked folder that is checked out here; what lies outside counts as unchanged. */
export interface View {
  /** For paths in the dataset. */
  readonly patterns: readonly string[];
  /** Equal for equal patterns. */
  readonly digest: Digest;
  /** Whether a path of the dataset is in it. */
  covers(path: string): boolean;
  /** What those paths begin with, in byte order. */
  readonly prefixes: readonly string[];
}

type Tracked = Pick<LockEntry, 'path' | 'name' | 'type'>;

/** The part of a tracked path that is checked out; undefined when that is all of it. */
export async function viewOf({ workspace }: Repository, tracked: Tracked): Promise<View | undefined> {
  if (tracked.type === 'file') return undefined;
  const part = (await readPartial(workspace)).get(tracked.path);
  return part?.name === tracked.name ? makeView(part.patterns) : undefined;
}

/** The view of these patterns, which are for paths in the dataset. */
export function makeView(patterns: readonly string[]): View {
  const sorted = [...new Set(patterns)].sort();
  return {
    patterns: sorted,
    digest: sha256(utf8(JSON.stringify(sorted))),
    covers: matcher(sorted),
    prefixes: prefixesOf(sorted),
  };
}

/**
 * The same with the `.dvsignore` of every folder on the way to what the patterns choose: what they leave out of the whole
 * they have to leave out of the part.
 */
export function withRuleFiles(patterns: readonly string[]): string[] {
  const rules = patterns.flatMap((pattern) => {
    const segments = pattern.split('/').slice(0, -1);
    return segments.map((_, i) => [...segments.slice(0, i + 1), RULE_FILE].join('/'));
  });
  return [...patterns, RULE_FILE, ...rules];
}

/** What the version `id` brings beside what is checked out of a tracked path: patterns for paths in the dataset. */
export async function moreOf(
  { workspace }: Repository,
  { path, name }: Tracked,
  id: CID,
): Promise<readonly string[]> {
  const part = (await readPartial(workspace)).get(path);
  return part?.name === name && part.more?.id === id.toString() ? part.more.patterns : [];
}

/** Notes files that come as soon as a path that is checked out in part is brought to the version `id`, and not before. */
export async function noteMore(
  { workspace }: Repository,
  { path }: Tracked,
  id: CID,
  patterns: readonly string[],
): Promise<void> {
  await updatePartial(workspace, (paths) => {
    const part = paths.get(path);
    if (part !== undefined) paths.set(path, { ...part, more: { id: id.toString(), patterns } });
  });
}

/** Remembers what of a tracked path is checked out; undefined means all. */
export async function keepView(
  { workspace }: Repository,
  { path, name }: Pick<LockEntry, 'path' | 'name'>,
  view: View | undefined,
): Promise<void> {
  if (view === undefined && !(await readPartial(workspace)).has(path)) return;
  await updatePartial(workspace, (paths) => {
    if (view === undefined) paths.delete(path);
    else paths.set(path, { name, patterns: view.patterns });
  });
}
