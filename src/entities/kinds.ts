import type { CID } from '../id/cid.js';
import { decode, type Value } from '../id/codec.js';
import { openEnvelope } from '../tree/envelope.js';
import { datasetKind } from './dataset.js';
import { type Description, type Kind, type Link, linksByPlace } from './kind.js';
import { membersKind } from './members.js';
import { permutationKind } from './permutation.js';
import { runKind } from './run.js';
import { samplesKind } from './samples.js';
import { splitKind } from './split.js';

/** THE list of kinds. A kind that is not in it is kept, sent and deleted all the same, by its links. */
const KINDS = new Map([
  known(datasetKind),
  known(samplesKind),
  known(splitKind),
  known(membersKind),
  known(permutationKind),
  known(runKind),
]);

/** An entity as what does not care about its kind sees it. */
export interface Entity {
  readonly kind: string;
  /** False for a kind of a newer dvs: its links are known, their meaning is not. */
  readonly known: boolean;
  readonly value: Value;
  readonly links: readonly Link[];
  readonly description: Description;
}

/**
 * Reads the canonical bytes of any entity or node. E_ENCODING, E_LIMIT or E_CID when they are none, E_FORMAT
 * when a newer dvs wrote them in another format.
 */
export function parseEntity(bytes: Uint8Array): Entity {
  const value = decode(bytes);
  const { kind } = openEnvelope(value);
  const read = KINDS.get(kind) ?? readUnknown;
  return { kind, value, ...read(value) };
}

/** All links of an entity or node, whatever its kind. Throws as `parseEntity`. */
export function linksOf(bytes: Uint8Array): CID[] {
  return parseEntity(bytes).links.map((link) => link.id);
}

/** The names of all known kinds. */
export function knownKinds(): string[] {
  return [...KINDS.keys()];
}

type ReadKind = (value: Value) => Pick<Entity, 'known' | 'links' | 'description'>;

function known<E>({ kind, parse, links, describe }: Kind<E>): [string, ReadKind] {
  const read: ReadKind = (value) => {
    const entity = parse(value);
    return { known: true, links: links(entity), description: describe(entity) };
  };
  return [kind, read];
}

function readUnknown(value: Value): ReturnType<ReadKind> {
  return { known: false, links: linksByPlace(value), description: {} };
}
