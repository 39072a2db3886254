import { type Entity, parseEntity } from '../entities/kinds.js';
import { type CID, digestOf } from '../id/cid.js';
import { linkedFrom, type NamedVersion, namings, tags } from '../store/catalogue/names.js';
import { findTarget, type Target } from './references.js';
import type { Repository } from './repository.js';

/** What is known of an ID. */
export interface Shown extends Target {
  readonly names: readonly NamedVersion[];
  readonly tags: readonly { name: string; tag: string }[];
  /** Length of a content in bytes; undefined for an entity. */
  readonly bytes: number | undefined;
  /** The entity; undefined for a content. */
  readonly entity: Entity | undefined;
  /** Runs that have it among their outputs. */
  readonly madeBy: readonly CID[];
  /** Runs that have it among their inputs. */
  readonly usedBy: readonly CID[];
}

/** Looks at one thing: what it is, what it is called, where it comes from. */
export async function show(repo: Repository, reference: string): Promise<Shown> {
  const target = await findTarget(repo, reference);
  const { store } = repo;
  const { names, tagged, links } = await store.query(async (session) => {
    const found = await namings(session, target.id);
    const tagged: { name: string; tag: string }[] = [];
    for (const name of new Set(found.map((naming) => naming.name))) {
      for (const { tag, id } of await tags(session, name)) {
        if (id.toString() === target.id.toString()) tagged.push({ name, tag });
      }
    }
    return { names: found, tagged, links: await linkedFrom(session, target.id) };
  });
  const isContent = target.kind === 'content';
  return {
    ...target,
    names,
    tags: tagged,
    bytes: isContent ? await store.objects.contentLength(digestOf(target.id)) : undefined,
    entity: isContent ? undefined : parseEntity(await store.objects.get(target.id)),
    madeBy: links.filter(({ role }) => role.startsWith('outputs/')).map(({ from }) => from),
    usedBy: links.filter(({ role }) => role.startsWith('inputs/')).map(({ from }) => from),
  };
}
