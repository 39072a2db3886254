import { DvsError } from '../base/errors.js';
import type { CID } from '../id/cid.js';
import { versions } from '../store/catalogue/names.js';
import { lostEntry } from '../store/log/entry.js';
import { find } from './references.js';
import type { Repository } from './repository.js';
import { type VersionStat, versionStat } from './version-stat.js';

/** One move of a name or tag. */
export interface LoggedChange {
  readonly seq: number;
  readonly time: string;
  readonly by: string;
  readonly name: string;
  readonly tag: string | undefined;
  /** The version it became; undefined for a tag. */
  readonly version: number | undefined;
  readonly from: CID | null;
  readonly to: CID | null;
  readonly message: string | undefined;
  /** Runs that were published with it. */
  readonly runs: readonly CID[];
  /** How much changed, of a version when it was asked for. */
  readonly stat: VersionStat | undefined;
}

/** What to find out of each version. */
export interface LogOptions {
  /** Find out how much changed with each version; costs what they differ in. */
  readonly stat?: boolean;
}

/** What is told of a change before all of it is looked up. */
type Told = Pick<LoggedChange, 'name' | 'tag' | 'version'>;

/** The moves of names and tags, newest first: of the name that a reference leads to, or all; or those that are wanted. */
export async function* log(
  repo: Repository,
  reference?: string,
  { stat = false, wanted }: LogOptions & { readonly wanted?: (change: Told) => boolean } = {},
): AsyncGenerator<LoggedChange> {
  const only = reference === undefined ? undefined : await nameOf(repo, reference);
  const { seq: head } = await repo.store.refresh();
  const counts = new Map<string, number>();
  for (let seq = head; seq > 0; seq--) {
    const entry = await repo.store.log.read(seq);
    if (entry === undefined) throw lostEntry(seq, head);
    for (const { name, tag, from, to } of entry.names.toReversed()) {
      if (only !== undefined && name !== only) continue;
      const version = tag === undefined ? await countDown(repo, counts, name, head) : undefined;
      if (wanted?.({ name, tag, version }) === false) continue;
      const { time, by, message, publishes: runs } = entry;
      const change = { seq, time, by, name, tag, version, from, to, message, runs };
      const isAsked = stat && version !== undefined && to !== null;
      yield { ...change, stat: isAsked ? await versionStat(repo, from, to) : undefined };
    }
  }
}

/** The name that a reference leads to; E_NOT_FOUND when it has none. */
export async function nameOf(repo: Repository, reference: string): Promise<string> {
  const { name } = await find(repo, reference);
  if (name !== undefined) return name;
  throw new DvsError('E_NOT_FOUND', `${reference} has no name, and the log is about names`, {
    hint: `See where it comes from: \`dvs show ${reference}\`.`,
  });
}

/** Versions are numbered from the oldest, so going back starts at the latest number. */
async function countDown(
  repo: Repository,
  counts: Map<string, number>,
  name: string,
  head: number,
): Promise<number> {
  let count = counts.get(name);
  if (count === undefined) {
    count = await repo.store.query(async (session) => {
      // Somebody may have added one since the head was found.
      for await (const { version, seq } of versions(session, name)) if (seq <= head) return version;
      return 0;
    });
  }
  counts.set(name, count - 1);
  return count;
}
