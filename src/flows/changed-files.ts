import type { Ingest, Ingested } from '../ops/ingest/ingest.js';
import type { Passed, SourceFile } from '../ops/ingest/sources.js';
import type { Gone, Other, Same, StatChange } from '../workspace/stat-changes.js';

/** What became of files as sources to read: those that did not change stand for themselves. */
export function* asSources(changes: Iterable<StatChange>): Generator<SourceFile | Passed<Same | Gone>> {
  for (const change of changes) {
    if (change.type === 'same') yield { type: 'passed', files: change.same.count, item: change };
    else if (change.type === 'gone') yield { type: 'passed', files: 0, item: change };
    else if (change.file.type === 'link') yield change.file;
    else yield { ...change.file, known: undefined };
  }
}

/** What is at each of these paths now, in the same order; undefined where nothing is. Reads the files. */
export async function* readChanged(
  ingest: Ingest,
  changes: Iterable<Gone | Other>,
): AsyncGenerator<{ readonly path: string; readonly found: Ingested | undefined }, undefined, undefined> {
  for await (const one of ingest.run(asSources(changes))) {
    if (!('item' in one)) yield { path: one.path, found: one };
    else if (one.item.type === 'gone') yield { path: one.item.path, found: undefined };
  }
}
