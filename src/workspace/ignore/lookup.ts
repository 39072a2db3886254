import { lstatSync } from 'node:fs';
import { systemCode } from '../../base/errors.js';
import { isWithin } from '../../entities/path.js';
import type { Links } from '../followed.js';
import { readRuleFile, rulesOf } from './rule-file.js';
import { lastMatch, type Match, type Rules } from './rules.js';
import { rawPath } from './rules-above.js';

/** What is tracked is taken whatever the rules say of it: they only decide about what is in it. */
export interface TrackedRoot {
  readonly path: string;
  readonly links?: Links | undefined;
}

/** A folder on the way to a path. */
interface Step {
  /** With its `/`; empty for the workspace. */
  readonly folder: string;
  readonly rules: Rules | undefined;
  /** What decides about the folder itself. */
  readonly match: Match | undefined;
}

/**
 * Answers for one path after the other why it is ignored, by the rules as they are on disk. What it read for a path
 * serves for the next as far as both go the same way: sorted paths are answered fastest.
 */
export class IgnoreLookup {
  readonly #root: string;
  readonly #tracked: readonly TrackedRoot[];
  readonly #way: Step[] = [];

  /** `root`: of the workspace. */
  constructor(root: string, tracked: Iterable<TrackedRoot>) {
    this.#root = root;
    this.#tracked = [...tracked];
  }

  /** The pattern that decides about a path in the workspace; it is ignored unless that is negative, or there is none. */
  decide(path: string, isFolder: boolean): Match | undefined {
    const { rules } = this.#enter(path);
    // One names what is tracked, so that and the folders above it are meant.
    const meant = this.#trackedAround(path)?.path ?? '';
    const out = this.#way.find(
      ({ folder, match }) => match?.pattern.isNegative === false && !`${meant}/`.startsWith(folder),
    );
    if (out !== undefined) return out.match;
    return path === meant ? undefined : lastMatch(rules, rawPath(path), isFolder);
  }

  isIgnored(path: string, isFolder: boolean): boolean {
    return this.decide(path, isFolder)?.pattern.isNegative === false;
  }

  /** Goes to the folder of a path. */
  #enter(path: string): Step {
    const way = this.#way;
    while (way.length > 0 && !path.startsWith(way.at(-1)?.folder ?? '')) way.pop();
    let step = way.at(-1) ?? this.#push({ folder: '', rules: this.#read(undefined, ''), match: undefined });
    for (let end = path.indexOf('/', step.folder.length); end >= 0; end = path.indexOf('/', end + 1)) {
      const name = path.slice(0, end);
      const match = lastMatch(step.rules, rawPath(name), true);
      const rules = this.#isEntered(name) ? this.#read(step.rules, `${name}/`) : step.rules;
      step = this.#push({ folder: `${name}/`, rules, match });
    }
    return step;
  }

  #push(step: Step): Step {
    this.#way.push(step);
    return step;
  }

  #read(above: Rules | undefined, folder: string): Rules | undefined {
    return rulesOf(above, rawPath(folder), readRuleFile(`${this.#root}/${folder}`));
  }

  #trackedAround(path: string): TrackedRoot | undefined {
    return this.#tracked.find((tracked) => isWithin(path, tracked.path));
  }

  /** Whether a crawl would go into a folder: through a link only if it is tracked itself, or if links are followed there. */
  #isEntered(path: string): boolean {
    const around = this.#trackedAround(path);
    return around?.path === path || around?.links === 'followed' || isFolder(`${this.#root}/${path}`);
  }
}

/** True for a folder in its own right; what cannot be looked at is none. */
export function isFolder(absolute: string): boolean {
  try {
    return lstatSync(absolute, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return false;
  }
}
