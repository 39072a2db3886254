import { type CID, DAG_CBOR, nodeId } from '../id/cid.js';
import { encode, type Value } from '../id/codec.js';
import { FORMAT_VERSION, openKind } from '../tree/envelope.js';
import { Fields } from './fields.js';
import type { Kind } from './kind.js';
import { PART_NAME } from './split.js';

/** What becomes of the end of an order that the number of workers does not divide: it is left out, or filled up. */
export const PERMUTATION_TAILS = ['drop', 'pad'] as const;
export type PermutationTail = (typeof PERMUTATION_TAILS)[number];

/** An order of samples, or of the members of a part by increasing number: a recipe, whatever their count. */
export interface PermutationEntity {
  /** The samples; or the split, whose part `part` is ordered. */
  readonly of: CID;
  readonly part: string | undefined;
  readonly algorithm: string;
  readonly seed: string;
  /** How many there are, 1 to 2⁶⁴. */
  readonly n: bigint;
  /** How the order ends where workers have to get equally many; undefined where they need not. */
  readonly tail?: PermutationTail | undefined;
}

export const PERMUTATION_ALGORITHM = 'dvs-perm-1';

const MAX_NAME = 120;
const MAX_SEED = 1000;
const MOST = 2n ** 64n;

/** The entity of `permutation`, and its ID. E_ENCODING or E_LIMIT for one that `parsePermutation` would refuse. */
export function encodePermutation(permutation: PermutationEntity): { id: CID; bytes: Uint8Array } {
  const { of, part, algorithm, seed, n, tail } = permutation;
  const value = {
    dvs: FORMAT_VERSION,
    kind: 'permutation',
    of,
    ...(part === undefined ? {} : { part }),
    algorithm,
    seed,
    n: String(n),
    ...(tail === undefined ? {} : { tail }),
  };
  parsePermutation(value);
  const bytes = encode(value);
  return { id: nodeId(bytes), bytes };
}

/** Reads a decoded permutation strictly. E_ENCODING, E_LIMIT or E_FORMAT when it is none. */
export function parsePermutation(value: Value): PermutationEntity {
  const fields = new Fields('permutation', openKind(value, 'permutation'), [
    'dvs',
    'kind',
    'of',
    'part',
    'algorithm',
    'seed',
    'n',
    'tail',
  ]);
  const of = fields.link('of');
  if (of.code !== DAG_CBOR) throw fields.malformed('`of` is the ID of a content');
  const seed = fields.text('seed', MAX_SEED);
  if (seed.includes('\n')) throw fields.malformed('its seed has a line feed');
  const n = /^[1-9]\d{0,19}$/.test(fields.text('n')) ? BigInt(fields.text('n')) : 0n;
  if (n < 1n || n > MOST) throw fields.malformed('`n` is no number from 1 to 2⁶⁴');
  const part = fields.has('part') ? fields.text('part', MAX_NAME) : undefined;
  if (part !== undefined && !PART_NAME.test(part)) throw fields.malformed('`part` is no name of a part');
  const algorithm = fields.text('algorithm', MAX_NAME);
  if (algorithm === '') throw fields.malformed('its algorithm has no name');
  return { of, part, algorithm, seed, n, ...parseTail(fields) };
}

function parseTail(fields: Fields): Pick<PermutationEntity, 'tail'> {
  if (!fields.has('tail')) return {};
  const tail = PERMUTATION_TAILS.find((known) => known === fields.value('tail'));
  if (tail === undefined) throw fields.malformed('`tail` is neither drop nor pad');
  return { tail };
}

export const permutationKind: Kind<PermutationEntity> = {
  kind: 'permutation',
  parse: parsePermutation,
  links: ({ of }) => [{ role: 'of', id: of }],
  describe: ({ part, algorithm, seed, n, tail }) => ({
    n: String(n),
    ...(part === undefined ? {} : { part }),
    seed,
    ...(tail === undefined ? {} : { tail }),
    algorithm,
  }),
};
