import { utf8 } from '../base/bytes.js';
import { type Digest, sha256 } from '../id/hash.js';
import { RULE_FILE } from '../workspace/ignore/rule-file.js';
import type { LockEntry } from '../workspace/lock.js';
import { readPartial, updatePartial } from '../workspace/partial.js';
import { literalPattern, matcher, prefixesOf } from '../workspace/patterns.js';
import { folderOf, inWorkspace } from './paths.js';
import type { Repository } from './repository.js';

/** The part of a tracked folder that is checked out here; what lies outside counts as unchanged. */
export interface View {
  /** For paths in the workspace. */
  readonly patterns: readonly string[];
  /** Equal for equal patterns. */
  readonly digest: Digest;
  /** Whether a path of the dataset is in it. */
  covers(path: string): boolean;
  /** What those paths begin with, in byte order. */
  readonly prefixes: readonly string[];
}

type Tracked = Pick<LockEntry, 'path' | 'type'>;

/** The part of a tracked path that is checked out; undefined when that is all of it. */
export async function viewOf({ workspace }: Repository, tracked: Tracked): Promise<View | undefined> {
  if (tracked.type === 'file') return undefined;
  const patterns = (await readPartial(workspace)).get(tracked.path);
  return patterns && makeView(tracked, patterns);
}

/** The view of these patterns, which are for paths in the workspace. */
export function makeView(tracked: Tracked, patterns: readonly string[]): View {
  const sorted = [...new Set(patterns)].sort();
  return {
    patterns: sorted,
    digest: sha256(utf8(JSON.stringify(sorted))),
    covers: inWorkspace(tracked, matcher(sorted)),
    prefixes: prefixesInside(tracked, sorted),
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
  return [...patterns, ...rules];
}

/** Remembers what of a tracked path is checked out; undefined means all. */
export async function keepView(
  { workspace }: Repository,
  { path }: Pick<LockEntry, 'path'>,
  view: View | undefined,
): Promise<void> {
  await updatePartial(workspace, (paths) => {
    if (view === undefined) paths.delete(path);
    else paths.set(path, view.patterns);
  });
}

/** Patterns for paths in a tracked dataset as patterns for paths in the workspace. */
export function patternsInWorkspace(tracked: Tracked, patterns: readonly string[]): string[] {
  const folder = literalPattern(folderOf(tracked));
  return patterns.map((pattern) => folder + pattern.replace(/^\.\//, ''));
}

/** What the paths in the dataset begin with that patterns for the workspace choose. */
function prefixesInside(tracked: Tracked, patterns: readonly string[]): string[] {
  const folder = folderOf(tracked);
  const prefixes = prefixesOf(patterns);
  if (prefixes.some((prefix) => folder.startsWith(prefix))) return [''];
  return prefixes.flatMap((prefix) => (prefix.startsWith(folder) ? [prefix.slice(folder.length)] : []));
}
