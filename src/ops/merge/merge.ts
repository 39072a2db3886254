import { compareUtf8 } from '../../base/bytes.js';
import type { Scratch } from '../../base/scratch.js';
import { Spill } from '../../base/spill.js';
import { type DatasetEntry, datasetSchema } from '../../entities/dataset.js';
import type { Change } from '../../tree/diff.js';
import { type Edit, editTree } from '../../tree/edit.js';
import type { NodeSink, NodeSource, TreeSummary } from '../../tree/schema.js';
import { type Conflict, findConflicts } from './conflicts.js';
import type { Sides } from './moves.js';
import { takenEdit } from './taken.js';

export interface Merged {
  /** The merged dataset; where there were conflicts it holds both files. */
  readonly root: TreeSummary;
  /** In byte order of the paths. */
  readonly conflicts: readonly Conflict[];
}

export interface MergeTargets {
  /** Gets the new nodes, children before parents. */
  readonly sink: NodeSink;
  /** For what is too long for memory. */
  readonly scratch: Scratch;
  /** Told how the merged dataset differs from ours, in byte order. */
  readonly changed?: (change: Change<DatasetEntry>) => void;
}

/**
 * Merges two datasets path by path: what one side changed is taken, what both changed alike is kept, and for the rest
 * both files stay. What neither side changed is not read. Throws what `findConflicts` and `editTree` throw.
 */
export async function mergeDatasets(
  source: NodeSource,
  sides: Sides,
  { sink, scratch, changed }: MergeTargets,
): Promise<Merged> {
  // Where the other files of conflicts come is known only in the end, so what theirs changed alone has to wait.
  const taken = new Spill(scratch, takenEdit);
  const conflicts = await findConflicts(source, sides, (path, value) => taken.add({ key: path, value }));
  const settled = conflicts.flatMap(settle).sort((a, b) => compareUtf8(a.key, b.key));
  const root = await editTree(datasetSchema, source, sides.ours, together(taken, settled), sink, changed);
  taken.close();
  return { root, conflicts };
}

/** What a conflict does to our dataset. */
function settle({ path, kept, beside, entry }: Conflict): Edit<DatasetEntry>[] {
  const aside = beside === undefined ? [] : [{ key: beside, value: entry }];
  if (kept === 'folder') return [{ key: path, value: undefined }, ...aside];
  return kept === 'theirs' ? [{ key: path, value: entry }] : aside;
}

/** Both in byte order of the keys; where they concern the same key, that of the conflicts counts. */
function* together(
  edits: Iterable<Edit<DatasetEntry>>,
  settled: readonly Edit<DatasetEntry>[],
): Generator<Edit<DatasetEntry>> {
  let at = 0;
  for (const edit of edits) {
    let next = settled[at];
    for (; next !== undefined && compareUtf8(next.key, edit.key) < 0; next = settled[++at]) yield next;
    if (next?.key !== edit.key) yield edit;
  }
  yield* settled.slice(at);
}
