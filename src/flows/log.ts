import { DvsError } from '../base/errors.js';
import type { CID } from '../id/cid.js';
import { versions } from '../store/catalogue/names.js';
import { lostEntry } from '../store/log/entry.js';
import { find } from './references.js';
import type { Repository } from './repository.js';

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
}

/** The moves of names and tags, newest first: of the name that a reference leads to, or all. */
export async function* log(repo: Repository, reference?: string): AsyncGenerator<LoggedChange> {
  const name = reference === undefined ? undefined : await nameOf(repo, reference);
  const { seq: head } = await repo.store.refresh();
  const counts = new Map<string, number>();
  for (let seq = head; seq > 0; seq--) {
    const entry = await repo.store.log.read(seq);
    if (entry === undefined) throw lostEntry(seq, head);
    for (const change of entry.names.toReversed()) {
      if (name !== undefined && change.name !== name) continue;
      const { tag, from, to } = change;
      const version = tag === undefined ? await countDown(repo, counts, change.name, head) : undefined;
      const { time, by, message } = entry;
      yield { seq, time, by, name: change.name, tag, version, from, to, message };
    }
  }
}

async function nameOf(repo: Repository, reference: string): Promise<string> {
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
