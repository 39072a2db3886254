import { CID, DAG_CBOR, nodeId, RAW } from '../id/cid.js';
import { encode, type Value } from '../id/codec.js';
import { FORMAT_VERSION, openKind } from '../tree/envelope.js';
import { Fields } from './fields.js';
import type { Kind } from './kind.js';

/** Bits of one segment: 32 KiB. Bit i is bit i mod 8, the least significant first, of byte ⌊i/8⌋. */
export const SEGMENT_BITS = 2 ** 18;
/** Items of one node: what lies at level l, but for the last item, covers `SEGMENT_BITS` · `MEMBERS_FANOUT`^l bits each. */
export const MEMBERS_FANOUT = 1024;
/** Enough for 2⁵³ bits. */
const MAX_LEVEL = 3;

/** A segment (in a node of level 0) or a node one level below, and how many of its bits are ones. */
export interface MembersItem {
  readonly id: CID;
  readonly count: number;
}

/** A node of the bits that say which samples belong to a part. */
export interface MembersNode {
  readonly level: number;
  /** How many bits it covers. */
  readonly bits: number;
  /** How many of them are ones. */
  readonly count: number;
  readonly items: readonly MembersItem[];
}

/** Bits that each item of a node of `level` covers, but for the last. */
export function bitsOfItem(level: number): number {
  return SEGMENT_BITS * MEMBERS_FANOUT ** level;
}

/** The node, and its ID. */
export function encodeMembers({ level, bits, count, items }: MembersNode): { id: CID; bytes: Uint8Array } {
  const value = {
    dvs: FORMAT_VERSION,
    kind: 'members',
    level,
    bits,
    count,
    items: items.map((item): Value[] => [item.id, item.count]),
  };
  parseMembers(value);
  const bytes = encode(value);
  return { id: nodeId(bytes), bytes };
}

/** Reads a decoded node strictly. E_ENCODING, E_LIMIT or E_FORMAT when it is none. */
export function parseMembers(value: Value): MembersNode {
  const fields = new Fields('members', openKind(value, 'members'), [
    'dvs',
    'kind',
    'level',
    'bits',
    'count',
    'items',
  ]);
  const level = fields.count('level', 0, MAX_LEVEL);
  const bits = fields.count('bits', 1);
  const count = fields.count('count', 0, bits);
  const items = fields.list('items').map((item) => parseItem(fields, item, level));
  const each = bitsOfItem(level);
  if (items.length !== Math.ceil(bits / each) || items.length > MEMBERS_FANOUT) {
    throw fields.malformed(`${items.length} items do not cover ${bits} bits`);
  }
  let sum = 0;
  for (const [i, item] of items.entries()) {
    if (item.count > Math.min(each, bits - i * each))
      throw fields.malformed('an item has more ones than bits');
    sum += item.count;
  }
  if (sum !== count) throw fields.malformed('its count is not the sum of those of its items');
  return { level, bits, count, items };
}

function parseItem(fields: Fields, value: Value, level: number): MembersItem {
  const [id, count] = Array.isArray(value) && value.length === 2 ? value : [];
  if (!(id instanceof CID) || typeof count !== 'number' || count < 0) {
    throw fields.malformed('an item is not a link and a count');
  }
  if (id.code !== (level === 0 ? RAW : DAG_CBOR)) throw fields.malformed('an item is of the wrong level');
  return { id, count };
}

export const membersKind: Kind<MembersNode> = {
  kind: 'members',
  parse: parseMembers,
  links: ({ level, items }) => items.map(({ id }) => ({ role: level === 0 ? 'segment' : 'node', id })),
  describe: ({ bits, count }) => ({ members: String(count), of: String(bits) }),
};
