import { asBuffer, utf8 } from '../../base/bytes.js';
import { DIGEST_LENGTH, type Digest, Sha256, sha256 } from '../../id/hash.js';
import type { RawName } from '../list-folder.js';
import { readRuleFile, rulesOf } from './rule-file.js';
import type { Rules } from './rules.js';

/** What the folders above a place in the workspace say of what lies there. */
export interface RulesAbove {
  readonly rules: Rules | undefined;
  /** The place's path in the workspace with a `/`, one byte a character. */
  readonly folder: RawName;
  /** Of all that was read: others mean other rules. */
  readonly digest: Digest;
}

const ABSENT = new Uint8Array(DIGEST_LENGTH);

/** Where no rules come from above. */
export const NO_RULES_ABOVE: RulesAbove = { rules: undefined, folder: '', digest: ABSENT };

/** Reads the .dvsignore of each folder above `path`, a path in the workspace, from the workspace's root on. */
export function readRulesAbove(root: string, path: string): RulesAbove {
  const hash = new Sha256();
  let rules: Rules | undefined;
  let above = '';
  for (const segment of path.split('/')) {
    const bytes = readRuleFile(`${root}/${above}`);
    hash.update(bytes === undefined ? ABSENT : sha256(bytes));
    rules = rulesOf(rules, rawPath(above), bytes);
    above += `${segment}/`;
  }
  return { rules, folder: rawPath(above), digest: hash.digest() };
}

/** The rules for what lies in a folder below `root`, the place that `above` is for; '' is that itself. */
export function rulesBelow(above: RulesAbove, root: string, path: string): RulesAbove {
  let { rules, folder } = above;
  let absolute = root;
  rules = rulesOf(rules, folder, readRuleFile(absolute));
  for (const segment of path === '' ? [] : path.split('/')) {
    absolute += `/${segment}`;
    folder += `${rawPath(segment)}/`;
    rules = rulesOf(rules, folder, readRuleFile(absolute));
  }
  return { ...above, rules, folder };
}

/** What was bytes, one a character, as text; what is not UTF-8 shows with a replacement character. */
export function textOf(raw: RawName): string {
  return Buffer.from(raw, 'latin1').toString('utf8');
}

/** A path as rules want it: its bytes, one a character. */
export function rawPath(path: string): RawName {
  return asBuffer(utf8(path)).toString('latin1');
}
