import { timestamp } from '../base/clock.js';
import { DvsError } from '../base/errors.js';
import { checkTag } from '../base/names.js';
import type { CID } from '../id/cid.js';
import { latest, tagged, tags } from '../store/catalogue/names.js';
import { find } from './references.js';
import type { Repository } from './repository.js';

/** What became of a tag. */
export interface TagResult {
  readonly name: string;
  readonly tag: string;
  readonly id: CID | null;
  readonly before: CID | undefined;
  /** False when the tag was there already. */
  readonly changed: boolean;
}

/** Points a tag of the name that `reference` leads to at that version, or moves it there. */
export async function tag(repo: Repository, reference: string, text: string): Promise<TagResult> {
  const { id, name, path } = await find(repo, reference);
  if (path !== '') throw new DvsError('E_USAGE', 'a path in a dataset cannot be tagged, only a version');
  const own = text.split(':');
  const [prefix, label = ''] = own.length === 2 ? own : [name, text];
  if (name === undefined || prefix !== name) {
    throw new DvsError(
      'E_USAGE',
      `${reference} is no version of ${prefix ?? 'any name'}, so it cannot be tagged`,
      {
        hint: 'Tag a version of a name: `dvs tag mnist:v3 production`.',
      },
    );
  }
  return moveTag(repo, name, label, id);
}

/** Removes the tag `name:tag`; E_NOT_FOUND when there is none. */
export async function untag(repo: Repository, reference: string): Promise<TagResult> {
  const [name = '', label = ''] = reference.split(':');
  await repo.store.refresh();
  const before = await repo.store.query((session) => tagged(session, name, label));
  if (before === undefined) {
    throw new DvsError('E_NOT_FOUND', `there is no tag ${reference}`, {
      hint: 'List them: `dvs tag <name>`.',
    });
  }
  return moveTag(repo, name, label, null);
}

/** The tags of a name; E_NOT_FOUND for a name that does not exist. */
export async function listTags(repo: Repository, name: string): Promise<{ tag: string; id: CID }[]> {
  await repo.store.refresh();
  return repo.store.query(async (session) => {
    if ((await latest(session, name)) === undefined) {
      throw new DvsError('E_NOT_FOUND', `nothing is called ${name}`, {
        hint: 'Run `dvs log` to see what there is.',
      });
    }
    return tags(session, name);
  });
}

async function moveTag(repo: Repository, name: string, label: string, to: CID | null): Promise<TagResult> {
  checkTag(label);
  const writer = await repo.write();
  let before: CID | undefined;
  try {
    const committed = await writer.commit([], async () => {
      before = await repo.store.query((session) => tagged(session, name, label));
      if ((before?.toString() ?? null) === (to?.toString() ?? null)) return undefined;
      const names = [{ name, tag: label, from: before ?? null, to }];
      return { time: timestamp(repo.clock()), by: repo.who, names, publishes: [] };
    });
    await repo.store.refresh();
    return { name, tag: label, id: to, before, changed: committed !== undefined };
  } finally {
    await writer.close();
  }
}
