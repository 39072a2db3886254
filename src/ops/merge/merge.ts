import { compareUtf8 } from '../../base/bytes.js';
import { type DatasetEntry, datasetSchema } from '../../entities/dataset.js';
import type { Change } from '../../tree/diff.js';
import { type Edit, editTree } from '../../tree/edit.js';
import type { NodeSink, NodeSource, TreeSummary } from '../../tree/schema.js';
import { type Conflict, findConflicts } from './conflicts.js';
import { moves, type Sides } from './moves.js';

export interface Merged {
  /** The merged dataset; where there were conflicts it holds both files. */
  readonly root: TreeSummary;
  /** In byte order of the paths. */
  readonly conflicts: readonly Conflict[];
}

export interface MergeTargets {
  /** Gets the new nodes, children before parents. */
  readonly sink: NodeSink;
  /** Told how the merged dataset differs from ours, in byte order. */
  readonly changed?: (change: Change<DatasetEntry>) => void;
}

/**
 * Merges two datasets path by path: what one side changed is taken, what both changed alike is kept, and for the rest
 * both files stay. Goes through the differences twice, for the conflicts and for the result; what neither side changed
 * is not read. Throws what `findConflicts` and `editTree` throw.
 */
export async function mergeDatasets(
  source: NodeSource,
  sides: Sides,
  { sink, changed }: MergeTargets,
): Promise<Merged> {
  const conflicts = await findConflicts(source, sides);
  const settled = conflicts.flatMap(settle).sort((a, b) => compareUtf8(a.key, b.key));
  const edits = together(taken(source, sides), settled);
  const root = await editTree(datasetSchema, source, sides.ours, edits, sink, changed);
  return { root, conflicts };
}

/** What theirs changed and ours did not. */
async function* taken(source: NodeSource, sides: Sides): AsyncGenerator<Edit<DatasetEntry>> {
  for await (const move of moves(source, sides)) {
    if (move.by === 'theirs') yield { key: move.path, value: move.theirs };
  }
}

/** What a conflict does to our dataset. */
function settle({ path, kept, beside, entry }: Conflict): Edit<DatasetEntry>[] {
  const aside = beside === undefined ? [] : [{ key: beside, value: entry }];
  if (kept === 'folder') return [{ key: path, value: undefined }, ...aside];
  return kept === 'theirs' ? [{ key: path, value: entry }] : aside;
}

/** Both in byte order of the keys; where they concern the same key, that of the conflicts counts. */
async function* together(
  edits: AsyncIterable<Edit<DatasetEntry>>,
  settled: readonly Edit<DatasetEntry>[],
): AsyncGenerator<Edit<DatasetEntry>> {
  let at = 0;
  for await (const edit of edits) {
    let next = settled[at];
    for (; next !== undefined && compareUtf8(next.key, edit.key) < 0; next = settled[++at]) yield next;
    if (next?.key !== edit.key) yield edit;
  }
  yield* settled.slice(at);
}
