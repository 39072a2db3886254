import { lstatSync } from 'node:fs';
import { ioError, systemCode } from '../base/errors.js';
import type { Links } from '../workspace/followed.js';
import type { LockEntry } from '../workspace/lock.js';
import type { Repository } from './repository.js';
import { type Approving, rootOf } from './root-link.js';

/** A file or folder to be looked at: a tracked path, or (without `tracked`) any place. */
export interface Place {
  readonly type: 'folder' | 'file';
  readonly absolute: string;
  /** The workspace-relative path whose stat cache serves; undefined elsewhere. */
  readonly tracked: string | undefined;
  /** What is done with the links in it; by default they are kept. */
  readonly links?: Links | undefined;
}

/** The place of a tracked path; E_SYMLINK when a link leads there that nobody approved. */
export async function placeOf(
  repo: Repository,
  { path, type, links }: Pick<LockEntry, 'path' | 'type' | 'links'>,
  command?: Approving,
): Promise<Place> {
  const absolute = await rootOf(repo, path, links, command);
  return { type, absolute, tracked: path, links: await linksOf(repo, { path, links }) };
}

/** What is done with the links in a tracked path. */
export async function linksOf(
  { approvals }: Repository,
  { path, links }: Pick<LockEntry, 'path' | 'links'>,
): Promise<Links> {
  if (links === undefined) return 'kept';
  return (await approvals.has({ kind: 'links', path })) ? 'followed' : 'unapproved';
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
