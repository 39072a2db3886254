import { timestamp } from '../../base/clock.js';
import { encodeRun } from '../../entities/run.js';
import type { CID } from '../../id/cid.js';
import { latest, type NamedValue } from '../../store/catalogue/names.js';
import type { NameChange } from '../../store/log/entry.js';
import type { FinishedPack } from '../../store/pack/writer.js';
import type { Committed, Proposal, StoreWriter } from '../../store/writer.js';
import type { Repository } from '../repository.js';
import { TOOL } from '../tool.js';
import type { Taken } from './taken.js';

/** The latest value of each path's name; undefined for a name that has none. */
export function latestOf(repo: Repository, taken: readonly Taken[]): Promise<(NamedValue | undefined)[]> {
  return repo.store.query((session) => Promise.all(taken.map(({ target }) => latest(session, target.name))));
}

/** Records the run and moves the names, all in one commit; undefined when somebody else did just that. */
export async function commitAdd(
  repo: Repository,
  writer: StoreWriter,
  packs: readonly FinishedPack[],
  changed: readonly Taken[],
  { start, message }: { readonly start: string; readonly message?: string },
): Promise<Committed | undefined> {
  const run = encodeRun({
    op: 'add',
    inputs: {},
    outputs: Object.fromEntries(changed.map(({ target, root }) => [target.name, root.id])),
    tool: TOOL,
    start,
    end: timestamp(repo.clock()),
    who: repo.who,
    ...(message === undefined ? {} : { message }),
  });
  await writer.addNode(run.id, run.bytes);
  return writer.commit(packs, () => propose(repo, changed, run.id, message));
}

/** What to commit, given what the names are now: somebody else may have moved one meanwhile. */
async function propose(
  repo: Repository,
  changed: readonly Taken[],
  run: CID,
  message: string | undefined,
): Promise<Proposal | undefined> {
  const current = await latestOf(repo, changed);
  const names = changed.flatMap(({ target, root }, i): NameChange[] => {
    const from = current[i]?.id ?? null;
    return from?.toString() === root.id.toString() ? [] : [{ name: target.name, from, to: root.id }];
  });
  if (names.length === 0) return undefined;
  return {
    time: timestamp(repo.clock()),
    by: repo.who,
    ...(message === undefined ? {} : { message }),
    names,
    publishes: [run],
  };
}
