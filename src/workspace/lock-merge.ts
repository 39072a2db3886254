import { compareUtf8 } from '../base/bytes.js';
import { overlap } from '../entities/path.js';
import type { CID } from '../id/cid.js';
import type { LockEntry } from './lock-entry.js';

type Lock = ReadonlyMap<string, LockEntry>;

/** Three states of one dvs.lock: where two parted, and the two. */
export interface LockSides {
  readonly base: Lock;
  readonly ours: Lock;
  readonly theirs: Lock;
}

/** A tracked path whose dataset both sides changed: only the datasets themselves can tell what comes of it. */
export interface BothMoved {
  /** With the ID of ours. */
  readonly entry: LockEntry;
  /** Undefined when both sides began to track it. */
  readonly base: CID | undefined;
  readonly theirs: CID;
}

/** A tracked path on which the two do not agree. */
export interface LockConflict {
  readonly path: string;
  readonly kind: 'both modified' | 'both added' | 'deleted by us' | 'deleted by them' | 'in the way';
  /** What the other side has, where that is not what stays. */
  readonly theirs: LockEntry | undefined;
}

export interface LockMerge {
  /** By path; may be written as they are. Where datasets are still to be merged, ours is there. */
  readonly entries: Map<string, LockEntry>;
  readonly moved: readonly BothMoved[];
  readonly conflicts: readonly LockConflict[];
}

/**
 * Merges dvs.lock tracked path by tracked path: what one side changed is taken. One that got another place and kept its
 * name is followed there. In a conflict ours stays, or the one that is left.
 */
export function mergeLocks({ base, ours, theirs }: LockSides): LockMerge {
  const [left, right] = [placed(base, ours), placed(base, theirs)];
  const kept: LockEntry[] = [];
  const taken: LockEntry[] = [];
  const both: { was: LockEntry | undefined; our: LockEntry; their: LockEntry; fields: LockEntry }[] = [];
  const moved: BothMoved[] = [];
  const conflicts: LockConflict[] = [];
  for (const key of new Set([...base.keys(), ...left.keys(), ...right.keys()])) {
    const [was, our, their] = [base.get(key), left.get(key), right.get(key)];
    if (same(was, their) || same(our, their)) {
      if (our !== undefined) kept.push(our);
    } else if (same(was, our)) {
      if (their !== undefined) taken.push(their);
    } else if (our === undefined || their === undefined) {
      conflicts.push(...deleted(our, their));
      if (our !== undefined) kept.push(our);
      if (their !== undefined) taken.push(their);
    } else {
      const fields = eachField(was, our, their);
      kept.push(our);
      if (fields !== undefined) both.push({ was, our, their, fields });
      else conflicts.push({ path: our.path, kind: was ? 'both modified' : 'both added', theirs: their });
    }
  }
  const entries = new Map(kept.map((entry) => [entry.path, entry]));
  for (const { was, our, their, fields } of both) {
    entries.delete(our.path);
    const canMove = isFree(entries, fields.path);
    const entry = canMove ? fields : { ...fields, path: our.path };
    entries.set(entry.path, entry);
    if (!canMove) conflicts.push({ path: our.path, kind: 'both modified', theirs: their });
    if (isUndecided(was, our, their)) moved.push({ entry, base: was?.id, theirs: their.id });
  }
  for (const entry of taken) {
    if (isFree(entries, entry.path)) entries.set(entry.path, entry);
    else conflicts.push({ path: entry.path, kind: 'in the way', theirs: entry });
  }
  return { entries, moved, conflicts: conflicts.sort((a, b) => compareUtf8(a.path, b.path)) };
}

/** The entries of one side by the path that the base knows them under: for one that moved, where it was. */
function placed(base: Lock, side: Lock): Map<string, LockEntry> {
  const gone = [...base.values()].filter(({ path }) => !side.has(path));
  const found = new Map<string, LockEntry>();
  for (const entry of side.values()) {
    const at = base.has(entry.path) ? -1 : gone.findIndex(({ name }) => name === entry.name);
    const [from = entry] = at < 0 ? [] : gone.splice(at, 1);
    found.set(from.path, entry);
  }
  return found;
}

function same(a: LockEntry | undefined, b: LockEntry | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  const { path, name, type, links, id } = a;
  return path === b.path && name === b.name && type === b.type && links === b.links && id.equals(b.id);
}

/** Place, name and the like from whichever side changed them, with the ID that only one side changed, else ours. */
function eachField(was: LockEntry | undefined, our: LockEntry, their: LockEntry): LockEntry | undefined {
  const path = pick(was?.path, our.path, their.path);
  const name = pick(was?.name, our.name, their.name);
  const type = pick(was?.type, our.type, their.type);
  const links = pick(was?.links ?? 'kept', our.links ?? 'kept', their.links ?? 'kept');
  if (path === undefined || name === undefined || type === undefined || links === undefined) return undefined;
  const id = was?.id.equals(our.id) === true ? their.id : our.id;
  return { path, name, id, type, ...(links === 'followed' ? { links } : {}) };
}

function pick<T>(was: T | undefined, our: T, their: T): T | undefined {
  if (our === their || their === was) return our;
  return our === was ? their : undefined;
}

function isUndecided(was: LockEntry | undefined, our: LockEntry, their: LockEntry): boolean {
  return !our.id.equals(their.id) && was?.id.equals(our.id) !== true && was?.id.equals(their.id) !== true;
}

function deleted(our: LockEntry | undefined, their: LockEntry | undefined): LockConflict[] {
  if (our !== undefined) return [{ path: our.path, kind: 'deleted by them', theirs: undefined }];
  return their === undefined ? [] : [{ path: their.path, kind: 'deleted by us', theirs: undefined }];
}

/** True when a path is none of those that are there, nor above or beneath one. */
function isFree(entries: Lock, path: string): boolean {
  return ![...entries.keys()].some((other) => overlap(other, path));
}
