import { CID } from '../id/cid.js';
import { isMap, type Value } from '../id/codec.js';

/** A link of an entity and the part that it plays there. */
export interface Link {
  readonly role: string;
  readonly id: CID;
}

/** Short facts about an entity, for people: label → text. */
export type Description = Readonly<Record<string, string>>;

/** A kind as messages have it: `a dataset`, and `a set of samples`, as no samples are one. */
export function aKind(kind: string): string {
  return kind === 'samples' || kind === 'members' ? `a set of ${kind}` : `a ${kind}`;
}

/** What has to be known of a kind of entity `E`. One file in this folder and one line in `kinds.ts` each. */
export interface Kind<E> {
  readonly kind: string;
  /** Reads the decoded value strictly; E_ENCODING, E_LIMIT or E_FORMAT for what is none. */
  parse(value: Value): E;
  /** Every CID in the entity, with its role. */
  links(entity: E): Link[];
  describe(entity: E): Description;
}

/**
 * Every link in `value`, with the keys that lead to it as its role: `inputs/data`, `entries/0/1`. For kinds
 * that are maps of links, and for those that this version does not know.
 */
export function linksByPlace(value: Value): Link[] {
  const links: Link[] = [];
  const pending: { role: string; value: Value }[] = [{ role: '', value }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { role, value } = next;
    if (value instanceof CID) links.push({ role, id: value });
    else if (Array.isArray(value) || isMap(value)) {
      const inside = Object.entries(value).map(([key, item]) => ({
        role: role === '' ? key : `${role}/${key}`,
        value: item,
      }));
      for (const item of inside.toReversed()) pending.push(item);
    }
  }
  return links;
}
