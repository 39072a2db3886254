import { equalBytes } from '../src/base/bytes.js';
import { Repository } from '../src/flows/repository.js';
import { verify } from '../src/flows/verify.js';
import { latest, tags, versions } from '../src/store/catalogue/names.js';
import type { StoredLogEntry } from '../src/store/log/entry.js';

/** What a store says of its past: all of it, told by the log and again by the catalogue. */
export interface History {
  /** Name → the IDs it had, the first one first. */
  readonly versions: ReadonlyMap<string, readonly string[]>;
  /** `name:tag` → ID. */
  readonly tags: ReadonlyMap<string, string>;
  readonly entries: number;
}

/** Opens a workspace as a new process would, with nothing remembered. */
export async function opened<T>(root: string, work: (repo: Repository) => Promise<T>): Promise<T> {
  const repo = await Repository.open(root, { who: 'faults', clock: Date.now, workers: 1 });
  try {
    return await work(repo);
  } finally {
    await repo.close();
  }
}

/**
 * Reads the log from its first entry. Throws when it is not one line (each entry naming the one before, each
 * name moved from where it was) or when the catalogue tells another story.
 */
export async function history(repo: Repository): Promise<History> {
  const ids = new Map<string, string[]>();
  const tagged = new Map<string, string>();
  let last: StoredLogEntry | undefined;
  for (;;) {
    const entry = await repo.store.log.read((last?.seq ?? 0) + 1);
    if (entry === undefined) break;
    assertFollows(entry, last);
    for (const { name, tag, from, to } of entry.names) {
      const key = tag === undefined ? name : `${name}:${tag}`;
      const before = tag === undefined ? ids.get(name)?.at(-1) : tagged.get(key);
      if (before !== from?.toString())
        throw new Error(`entry ${entry.seq} moves ${key} from where it is not`);
      if (to === null) tagged.delete(key);
      else if (tag !== undefined) tagged.set(key, to.toString());
      else ids.set(name, [...(ids.get(name) ?? []), to.toString()]);
    }
    last = entry;
  }
  const told: History = { versions: ids, tags: tagged, entries: last?.seq ?? 0 };
  await assertCatalogue(repo, told);
  return told;
}

/** What `dvs verify` finds wrong with the whole store. */
export async function damage(repo: Repository): Promise<string[]> {
  const { damaged, missing } = await verify(repo);
  return [...damaged, ...missing].map(({ path, why }) => `verify: ${path}: ${why}`);
}

function assertFollows({ seq, previous }: StoredLogEntry, last: StoredLogEntry | undefined): void {
  const isFirst = last === undefined && previous === null;
  const isNext = last !== undefined && previous !== null && equalBytes(previous, last.hash);
  if (!isFirst && !isNext) throw new Error(`entry ${seq} does not follow entry ${seq - 1}`);
}

async function assertCatalogue(repo: Repository, told: History): Promise<void> {
  const { seq } = await repo.store.refresh();
  if (seq < told.entries) throw new Error(`the catalogue ends at ${seq}, the log at ${told.entries}`);
  for (const [name, ids] of told.versions) {
    const found: string[] = [];
    await repo.store.query(async (session) => {
      found.length = 0;
      for await (const { id, seq: at } of versions(session, name)) {
        if (at <= told.entries) found.unshift(id.toString());
      }
      if ((await latest(session, name)) === undefined) throw new Error(`the catalogue lost ${name}`);
    });
    if (found.join() !== ids.join()) throw new Error(`the catalogue tells another history of ${name}`);
  }
  for (const [key, id] of seq === told.entries ? told.tags : []) {
    const [name = '', tag = ''] = key.split(':');
    const found = await repo.store.query((session) => tags(session, name));
    if (!found.some((one) => one.tag === tag && one.id.toString() === id)) {
      throw new Error(`the catalogue does not have ${key} at ${id}`);
    }
  }
}
