import type { Made } from '../flows/samples/making.js';

/** What became of an entity that a command made. */
export interface MadeView {
  readonly id: string;
  /** Null when it was given none. */
  readonly name: string | null;
  readonly version: number | null;
  readonly isNew: boolean;
}

export function madeView({ id, name, version, isNew }: Made): MadeView {
  return { id: id.toString(), name: name ?? null, version: version ?? null, isNew };
}
