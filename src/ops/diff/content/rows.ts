import type { Scratch } from '../../../base/scratch.js';
import { type Sequence, sequence } from '../../../base/sequence.js';
import { Spill } from '../../../base/spill.js';
import { Unreadable } from '../../../formats/unreadable.js';
import { NONE, type Pairing, pairByKey } from '../pairing.js';
import { diffRecords } from './line-diff.js';
import { type Record, textOf } from './record.js';
import { type Row, type RowFormat, rowRecord, Table } from './table.js';

/** A cell that differs between two rows. */
export interface CellChange {
  readonly column: string;
  /** Undefined where the row had no such cell. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** A row that is only in one of the files, or whose cells differ between rows with the same key. */
export interface RowChange {
  readonly change: 'added' | 'removed' | 'changed';
  readonly key: readonly string[];
  /** Its number in the old file, from 1, a header counted; undefined when it was added. */
  readonly before: number | undefined;
  readonly after: number | undefined;
  /** Of a changed row. */
  readonly cells: readonly CellChange[];
  /** Of an added or removed row: as it is written. */
  readonly text: string | undefined;
}

/** How one table became another; the order of the rows does not matter. */
export interface RowsDiff {
  readonly kind: 'rows';
  /** `csv` or `jsonl`. */
  readonly format: string;
  readonly key: readonly string[];
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  /** Columns that only one of the headers has. What they hold is in no changed row. */
  readonly columns: { readonly added: readonly string[]; readonly removed: readonly string[] };
  readonly rows: Sequence<RowChange>;
  readonly note?: string;
}

/** Rows that differ, beyond which they are not paired: that would take too long. */
const MOST_REMOVED = 4_000_000;
const MOST_ADDED = 16_000_000;
const AT_ONCE = 500_000;

export interface RowSources {
  readonly format: RowFormat;
  readonly before: AsyncIterable<Record[]>;
  readonly after: AsyncIterable<Record[]>;
  readonly key: readonly string[];
  readonly scratch: Scratch;
}

/**
 * Compares two tables by key. Rows that are the same in the same order are passed by first; those that are left are
 * paired by their keys, of several with the same key the first with the first.
 */
export async function compareRows({ format, key, scratch, ...sources }: RowSources): Promise<RowsDiff> {
  const before = await Table.open(format, key, sources.before);
  const after = await Table.open(format, key, sources.after);
  const removed = new Spill<Row>(scratch, rowRecord);
  const added = new Spill<Row>(scratch, rowRecord);
  const passed = format.hasHeader ? { before: 1, after: 1 } : { before: 0, after: 0 };
  await diffRecords(before.rows(), after.rows(), {
    same() {
      passed.before++;
      passed.after++;
    },
    removed: (text) => removed.add(before.row(++passed.before, text)),
    added: (text) => added.add(after.row(++passed.after, text)),
  });
  if (removed.length > MOST_REMOVED || added.length > MOST_ADDED) {
    throw new Unreadable('too many rows differ to be paired by key');
  }
  const pairing = pairByKey(after.keyed(added), before.keyed(removed), AT_ONCE);
  const hasSameHeader = JSON.stringify(before.columns) === JSON.stringify(after.columns);
  return { format: format.name, key, ...summed({ before, after, removed, added, pairing, hasSameHeader }) };
}

interface Paired {
  readonly before: Table;
  readonly after: Table;
  readonly removed: Spill<Row>;
  readonly added: Spill<Row>;
  readonly pairing: Pairing;
  /** The same columns in the same order. */
  readonly hasSameHeader: boolean;
}

/** In place of the partner of a row that has the same cells as it. */
const UNCHANGED = -2;

function summed(paired: Paired): Omit<RowsDiff, 'format' | 'key'> {
  const { before, after, removed, added, pairing } = paired;
  let changed = 0;
  let index = 0;
  for (const row of added) {
    const partner = pairing.from[index] ?? NONE;
    if (partner !== NONE) {
      if (changedCells(paired, removed.at(partner), row).length > 0) changed++;
      else pairing.from[index] = UNCHANGED;
    }
    index++;
  }
  const counts = { added: added.length - pairing.count, removed: removed.length - pairing.count, changed };
  const total = counts.added + counts.removed + changed;
  const columns = {
    added: after.columns.filter((column) => !before.has(column)),
    removed: before.columns.filter((column) => !after.has(column)),
  };
  const isSame = total + columns.added.length + columns.removed.length === 0;
  return {
    kind: 'rows',
    ...counts,
    columns,
    rows: sequence(total, () => rowChanges(paired)),
    ...(isSame ? { note: 'the same rows, in another order or written another way' } : {}),
  };
}

/** Both files from front to back: what was added or changed where it is now, what was removed where it was. */
function* rowChanges(paired: Paired): Generator<RowChange> {
  const gone = removedRows(paired);
  let next = gone.next();
  for (const change of newRows(paired)) {
    for (; next.done !== true && (next.value.before ?? 0) <= (change.after ?? 0); next = gone.next()) {
      yield next.value;
    }
    yield change;
  }
  for (; next.done !== true; next = gone.next()) yield next.value;
}

function* removedRows({ before, removed, pairing }: Paired): Generator<RowChange, undefined> {
  let index = 0;
  for (const row of removed) {
    if (pairing.gone[index++] === 1) continue;
    const { number, text } = row;
    yield {
      change: 'removed',
      key: before.keyOf(row),
      before: number,
      after: undefined,
      cells: [],
      text: textOf(text),
    };
  }
}

function* newRows(paired: Paired): Generator<RowChange, undefined> {
  const { after, removed, added, pairing } = paired;
  let index = 0;
  for (const row of added) {
    const partner = pairing.from[index++] ?? NONE;
    if (partner === UNCHANGED) continue;
    const old = partner === NONE ? undefined : removed.at(partner);
    yield {
      change: old === undefined ? 'added' : 'changed',
      key: after.keyOf(row),
      before: old?.number,
      after: row.number,
      cells: old === undefined ? [] : changedCells(paired, old, row),
      text: old === undefined ? textOf(row.text) : undefined,
    };
  }
}

/** The cells that differ; of columns that only one header has, none. */
function changedCells({ before, after, hasSameHeader }: Paired, old: Row, now: Row): CellChange[] {
  if (hasSameHeader && old.text === now.text) return [];
  const [was, is] = [before.fieldsOf(old), after.fieldsOf(now)];
  const isCommon = (column: string): boolean => before.has(column) === after.has(column);
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((column) => was.get(column) !== is.get(column) && isCommon(column))
    .map((column) => ({ column, before: was.get(column), after: is.get(column) }));
}
