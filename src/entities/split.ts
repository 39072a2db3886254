import { type CID, DAG_CBOR, nodeId } from '../id/cid.js';
import { encode, type Value, type ValueMap } from '../id/codec.js';
import { FORMAT_VERSION, openKind } from '../tree/envelope.js';
import { Fields } from './fields.js';
import { type Kind, linksByPlace } from './kind.js';

/** A part of a split: `members` leads to one bit for each sample. */
export interface SplitPart {
  readonly name: string;
  readonly count: number;
  readonly members: CID;
}

/** How a split was made: `name` and `version` of the method, and whatever else that records. */
export type MethodValue = ValueMap;

/** Samples divided into parts. It can be read without knowing the method. */
export interface Split {
  readonly samples: CID;
  /** The part of another split, of the same samples, that was divided; undefined when all samples were. */
  readonly of: { readonly split: CID; readonly part: string } | undefined;
  readonly method: MethodValue;
  readonly parts: readonly SplitPart[];
}

/** With k-fold two parts a fold: what fits in a node. */
export const MAX_PARTS = 2000;
const MAX_NAME = 120;
/** Folds alone have a slash in their names. */
export const PART_NAME = /^(?:[A-Za-z0-9][A-Za-z0-9._-]*|fold-(?:0|[1-9]\d{0,3})\/(?:train|test))$/;

/** The entity of `split`, and its ID. E_ENCODING or E_LIMIT for one that `parseSplit` would refuse. */
export function encodeSplit(split: Split): { id: CID; bytes: Uint8Array } {
  const { samples, of, method, parts } = split;
  const value = {
    dvs: FORMAT_VERSION,
    kind: 'split',
    samples,
    ...(of === undefined ? {} : { of: { split: of.split, part: of.part } }),
    method,
    parts: parts.map(({ name, count, members }) => ({ name, count, members })),
  };
  parseSplit(value);
  const bytes = encode(value);
  return { id: nodeId(bytes), bytes };
}

/** Reads a decoded split strictly. E_ENCODING, E_LIMIT or E_FORMAT when it is none. */
export function parseSplit(value: Value): Split {
  const fields = new Fields('split', openKind(value, 'split'), [
    'dvs',
    'kind',
    'samples',
    'of',
    'method',
    'parts',
  ]);
  const method = fields.map('method');
  const { name, version } = method;
  if (typeof name !== 'string' || name === '' || typeof version !== 'number' || version < 1) {
    throw fields.malformed('`method` has no name and version');
  }
  const parts = fields.list('parts').map(parsePart);
  if (parts.length === 0 || parts.length > MAX_PARTS) throw fields.malformed(`it has ${parts.length} parts`);
  if (new Set(parts.map(({ name }) => name)).size !== parts.length) {
    throw fields.malformed('two of its parts have one name');
  }
  assertFolds(fields, parts);
  return { samples: node(fields, 'samples'), of: parseOf(fields), method, parts };
}

/** A part with a slash in its name is one side of a fold: then all are, and each has its other side. */
function assertFolds(fields: Fields, parts: readonly SplitPart[]): void {
  const names = new Set(parts.map(({ name }) => name));
  if (![...names].some((name) => name.includes('/'))) return;
  for (const name of names) {
    const other = name.endsWith('/train') ? name.replace(/train$/, 'test') : name.replace(/test$/, 'train');
    if (other === name || !names.has(other))
      throw fields.malformed(`the fold of its part ${name} is not whole`);
  }
}

function parseOf(fields: Fields): Split['of'] {
  if (!fields.has('of')) return undefined;
  const of = new Fields('`of` of a split', fields.value('of'), ['split', 'part']);
  return { split: node(of, 'split'), part: partName(of, 'part') };
}

function parsePart(value: Value): SplitPart {
  const part = new Fields('part of a split', value, ['name', 'count', 'members']);
  return { name: partName(part, 'name'), count: part.count('count'), members: node(part, 'members') };
}

function partName(fields: Fields, field: string): string {
  const name = fields.text(field, MAX_NAME);
  if (PART_NAME.test(name)) return name;
  throw fields.malformed(`\`${field}\` is no name of a part`);
}

function node(fields: Fields, field: string): CID {
  const id = fields.link(field);
  if (id.code === DAG_CBOR) return id;
  throw fields.malformed(`\`${field}\` is the ID of a content`);
}

export const splitKind: Kind<Split> = {
  kind: 'split',
  parse: parseSplit,
  links: ({ samples, of, method, parts }) => [
    { role: 'samples', id: samples },
    ...(of === undefined ? [] : [{ role: `of/${of.part}`, id: of.split }]),
    ...linksByPlace(method).map(({ role, id }) => ({ role: `method/${role}`, id })),
    ...parts.map(({ name, members }) => ({ role: `parts/${name}`, id: members })),
  ],
  describe: ({ method, of, parts }) => ({
    method: describeMethod(method),
    ...(of === undefined ? {} : { of: `${of.part} of ${of.split.toString()}` }),
    parts: String(parts.length),
  }),
};

/** `stable, seed 42`. */
function describeMethod({ name, seed }: MethodValue): string {
  return typeof seed === 'string' ? `${String(name)}, seed ${seed}` : String(name);
}
