import type { DatasetEntry } from '../entities/dataset.js';

/** A file or symbolic link of a dataset; a link has a target instead of an ID. */
export interface EntryView {
  readonly type: 'file' | 'link';
  readonly id: string | null;
  readonly size: number;
  readonly target?: string;
}

export function entryView(entry: DatasetEntry): EntryView {
  if (entry.type === 'link') return { type: 'link', id: null, size: 0, target: entry.target };
  return { type: 'file', id: entry.id.toString(), size: entry.size };
}
