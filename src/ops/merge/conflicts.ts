import { compareUtf8 } from '../../base/bytes.js';
import { DvsError } from '../../base/errors.js';
import type { DatasetEntry } from '../../entities/dataset.js';
import type { NodeSource } from '../../tree/schema.js';
import { Beside } from './beside.js';
import { isAgreed, type Move, moves, type Side, type Sides } from './moves.js';

/** Kinds of conflict, as `git status` calls them. */
export type ConflictKind =
  | 'both modified'
  | 'both added'
  | 'deleted by us'
  | 'deleted by them'
  | 'file and folder';

/** A path on which the two sides do not agree, and where the merged dataset has which of the two. */
export interface Conflict {
  readonly path: string;
  readonly kind: ConflictKind;
  /** What the merged dataset has at `path`: nothing but a folder when file and folder met. */
  readonly kept: Side | 'folder';
  /** Where the other file lies; undefined when the other side has none. */
  readonly beside: string | undefined;
  /** The file at `beside`, else the one at `path`. */
  readonly entry: DatasetEntry;
}

/** More than anybody looks through; they are held in memory. */
export const MOST_CONFLICTS = 100_000;

/**
 * Finds all conflicts, in byte order of the paths; `taken` is told, in that order too, of what theirs alone changed.
 * E_LIMIT when there are more conflicts than `most`.
 */
export async function findConflicts(
  source: NodeSource,
  sides: Sides,
  taken: (path: string, entry: DatasetEntry | undefined) => void,
  most = MOST_CONFLICTS,
): Promise<Conflict[]> {
  const found = new Map<string, Conflict>();
  const files = new FilesAbove();
  const beside = new Beside(source, [sides.ours, sides.theirs]);
  const note = (conflict: Conflict): void => {
    found.set(conflict.path, conflict);
    if (found.size > most) throw tooMany(most);
  };
  for await (const move of moves(source, sides)) {
    const clash = files.next(move);
    if (clash !== undefined && found.get(clash.path)?.kind !== 'file and folder') {
      const { path, side, entry } = clash;
      note({ path, kind: 'file and folder', kept: 'folder', beside: await beside.name(path, side), entry });
    }
    const { path, base, ours, theirs } = move;
    if (move.by === 'theirs') taken(path, theirs);
    if (move.by !== 'both' || isAgreed(move)) continue;
    if (ours !== undefined && theirs !== undefined) {
      const kind = base === undefined ? 'both added' : 'both modified';
      note({ path, kind, kept: 'ours', beside: await beside.name(path, 'theirs'), entry: theirs });
    } else if (ours !== undefined) {
      note({ path, kind: 'deleted by them', kept: 'ours', beside: undefined, entry: ours });
    } else if (theirs !== undefined) {
      note({ path, kind: 'deleted by us', kept: 'theirs', beside: undefined, entry: theirs });
    }
  }
  return [...found.values()].sort((a, b) => compareUtf8(a.path, b.path));
}

/** A file of one side where the other has a folder. */
interface Clash {
  readonly path: string;
  readonly side: Side;
  readonly entry: DatasetEntry;
}

/**
 * Finds files of one side that have something of the other beneath them. Each side is without such by itself, so both
 * are among what changed. All that sorts between a file and what is beneath it begins with its path: a stack.
 */
class FilesAbove {
  readonly #above: Clash[] = [];

  /** Takes the next path; gives the file above it, if there is one. */
  next({ path, by, ours, theirs }: Move): Clash | undefined {
    let top = this.#above.at(-1);
    while (top !== undefined && !path.startsWith(top.path)) {
      this.#above.pop();
      top = this.#above.at(-1);
    }
    const side = by === 'both' ? (ours === undefined ? 'theirs' : 'ours') : by;
    const entry = side === 'ours' ? ours : theirs;
    if (entry === undefined) return undefined;
    this.#above.push({ path, side, entry });
    return top !== undefined && path[top.path.length] === '/' ? top : undefined;
  }
}

function tooMany(most: number): DvsError {
  return new DvsError('E_LIMIT', `more than ${most} paths were changed on both sides`, {
    hint: 'Nothing was changed. Take one side whole with `dvs checkout`, and add the other files to it.',
  });
}
