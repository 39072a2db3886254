import { lstatSync } from 'node:fs';
import { ioError, systemCode } from '../base/errors.js';
import { resolveInside } from '../workspace/contain.js';
import type { Links } from '../workspace/followed.js';
import type { Repository } from './repository.js';

/** A file or folder to be looked at: a tracked path, or (without `tracked`) any place. */
export interface Place {
  readonly type: 'folder' | 'file';
  readonly absolute: string;
  /** The workspace-relative path whose stat cache serves; undefined elsewhere. */
  readonly tracked: string | undefined;
  /** What is done with the links in it; by default they are kept. */
  readonly links?: Links;
}

/** The place of a tracked path; E_SYMLINK when a link leads there. */
export async function placeOf({ workspace }: Repository, path: string, type: Place['type']): Promise<Place> {
  return { type, absolute: await resolveInside(workspace.root, path), tracked: path };
}

/** True when nothing lies at a place, not even a link that leads nowhere. */
export function isAbsent({ absolute }: Pick<Place, 'absolute'>): boolean {
  try {
    return lstatSync(absolute, { throwIfNoEntry: false }) === undefined;
  } catch (error) {
    if (systemCode(error) === 'ENOTDIR') return true;
    throw ioError(error, 'reading', absolute);
  }
}
