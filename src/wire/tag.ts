import type { CID } from '../id/cid.js';

export interface TagView {
  readonly name: string;
  readonly tag: string;
  /** Null when the tag was deleted. */
  readonly id: string | null;
}

export function tagView({ name, tag, id }: { name: string; tag: string; id: CID | null }): TagView {
  return { name, tag, id: id?.toString() ?? null };
}
