import { join } from 'node:path';
import { toWorkspacePath } from '../workspace/contain.js';
import { IgnoreLookup, isFolder } from '../workspace/ignore/lookup.js';
import { RULE_FILE } from '../workspace/ignore/rule-file.js';
import { textOf } from '../workspace/ignore/rules-above.js';
import { readLock } from '../workspace/lock.js';
import type { Repository } from './repository.js';

/** What the rules say of a path. */
export interface CheckedPath {
  /** As it was given. */
  readonly path: string;
  readonly isIgnored: boolean;
  /** The pattern that decided; undefined when none matched. */
  readonly rule: IgnoreRule | undefined;
}

/** A line of a `.dvsignore`. */
export interface IgnoreRule {
  /** The .dvsignore, by its path in the workspace. */
  readonly source: string;
  /** From 1. */
  readonly line: number;
  readonly pattern: string;
}

/**
 * Says of each path, relative to `cwd`, whether a .dvsignore has it ignored, and by which pattern. A path that ends with
 * `/` is a folder whether it is there or not. E_PATH for what lies outside of the workspace.
 */
export async function* checkIgnore(
  { workspace }: Repository,
  cwd: string,
  paths: Iterable<string> | AsyncIterable<string>,
): AsyncGenerator<CheckedPath> {
  const lookup = new IgnoreLookup(workspace.root, (await readLock(workspace)).values());
  for await (const path of paths) {
    const inside = await toWorkspacePath(workspace, cwd, path);
    const match = lookup.decide(inside, path.endsWith('/') || isFolder(join(workspace.root, inside)));
    yield {
      path,
      isIgnored: match?.pattern.isNegative === false,
      rule: match && {
        source: textOf(match.folder) + RULE_FILE,
        line: match.pattern.line,
        pattern: textOf(match.pattern.text),
      },
    };
  }
}
