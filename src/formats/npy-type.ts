import { isTimeUnit } from './numpy-time.js';
import type { Group, Literal } from './python-literal.js';
import type { Scalar, ScalarKind } from './scalar.js';
import { Unreadable } from './unreadable.js';

/** A field of a structured type. */
export interface Field {
  readonly name: string;
  /** In bytes, from the beginning of the value. */
  readonly offset: number;
  /** In bytes. */
  readonly size: number;
  /** Undefined when it has fields of its own or is an array. */
  readonly scalar: Scalar | undefined;
}

/** What one value of an array is: a scalar, or fields. */
export interface NpyType {
  /** In bytes. */
  readonly size: number;
  readonly scalar: Scalar | undefined;
  readonly fields: readonly Field[] | undefined;
}

const SIMPLE = /^([<>|])([?a-zA-Z])(\d{0,9})(?:\[(\w{1,16})\])?$/;
const KINDS: ReadonlyMap<string, { kind: ScalarKind; sizes?: readonly number[]; unit?: number }> = new Map([
  ['b', { kind: 'bool', sizes: [1] }],
  ['i', { kind: 'int', sizes: [1, 2, 4, 8] }],
  ['u', { kind: 'uint', sizes: [1, 2, 4, 8] }],
  ['f', { kind: 'float', sizes: [2, 4, 8] }],
  ['c', { kind: 'raw', sizes: [8, 16, 24, 32] }],
  ['S', { kind: 'bytes' }],
  ['U', { kind: 'text', unit: 4 }],
  ['V', { kind: 'raw' }],
  ['M', { kind: 'time', sizes: [8] }],
  ['m', { kind: 'span', sizes: [8] }],
]);
/** `long double`, which is what the machine has. */
const LONG_FLOATS = new Set([10, 12, 16]);
/** Such values have no byte order, or a single byte. */
const NO_ORDER = new Set(['b', 'S', 'V']);
/** How deep types lie in types; numpy itself recurses. */
const MAX_DEPTH = 16;

/**
 * The type that the `descr` of a `.npy` header names. Throws `Unreadable` for Python objects, whose bytes are a program,
 * for types that `numpy.save` does not write and those without any bytes.
 */
export function parseNpyType(descr: Literal, depth = 0): NpyType {
  if (typeof descr === 'string') {
    const scalar = parseScalar(descr);
    return { size: scalar.size, scalar, fields: undefined };
  }
  if (typeof descr !== 'object' || descr.isTuple || depth > MAX_DEPTH)
    throw unknownType('that of its header');
  const names = new Set<string>();
  const fields: Field[] = [];
  let size = 0;
  for (const item of descr.items) {
    const { name, type, count } = parseField(item, depth);
    const length = type.size * (count ?? 1);
    // Without a name it is what aligns the next one.
    if (name !== '') {
      if (names.has(name)) throw new Unreadable(`two of its fields have the name ${name}`);
      names.add(name);
      fields.push({
        name,
        offset: size,
        size: length,
        scalar: count === undefined ? type.scalar : undefined,
      });
    }
    size += length;
    if (!Number.isSafeInteger(size)) throw new Unreadable('its values are too large');
  }
  return { size, scalar: undefined, fields };
}

/** `(name, type)` or `(name, type, shape)`; the name may be a pair of a title and a name. */
function parseField(
  item: Literal,
  depth: number,
): { name: string; type: NpyType; count: number | undefined } {
  if (typeof item !== 'object' || !item.isTuple || item.items.length > 3)
    throw unknownType('that of a field');
  const [named, descr, shape] = item.items;
  const name =
    typeof named === 'object' && named.isTuple && named.items.length === 2 ? named.items[1] : named;
  if (typeof name !== 'string' || !name.isWellFormed() || descr === undefined)
    throw unknownType('that of a field');
  const type = parseNpyType(descr, depth + 1);
  if (shape === undefined) return { name, type, count: undefined };
  if (typeof shape !== 'object' || !shape.isTuple) throw unknownType(`that of the field ${name}`);
  return { name, type, count: product(parseShape(shape)) };
}

/** The lengths of the axes. Throws `Unreadable` unless they are whole numbers, of no more axes than numpy has. */
export function parseShape({ items }: Group): number[] {
  if (items.length > 64) throw new Unreadable('it has more than 64 axes');
  return items.map((item) => {
    if (typeof item !== 'number' || !Number.isSafeInteger(item)) throw new Unreadable('its shape is none');
    return item;
  });
}

/** How many values a shape has. Throws `Unreadable` for more than 2⁵³. */
export function product(shape: readonly number[]): number {
  const count = shape.includes(0) ? 0 : shape.reduce((product, length) => product * length, 1);
  if (!Number.isSafeInteger(count)) throw new Unreadable('its shape claims more than any file holds');
  return count;
}

function parseScalar(descr: string): Scalar {
  const [, order = '', code = '', digits = '', unit] = SIMPLE.exec(descr) ?? [];
  if (code === 'O') {
    throw new Unreadable(
      'it holds Python objects (dtype O), which only running them as a program could read',
    );
  }
  const known = KINDS.get(code);
  if (known === undefined) throw unknownType(descr);
  const size = Number(digits) * (known.unit ?? 1);
  const isLongFloat = code === 'f' && LONG_FLOATS.has(size);
  const isTime = known.kind === 'time' || known.kind === 'span';
  const hasOrder = order !== '|' || NO_ORDER.has(code) || size === 1;
  if (
    digits === '' ||
    (known.sizes?.includes(size) ?? true) === isLongFloat ||
    !hasOrder ||
    (unit !== undefined && !(isTime && (isTimeUnit(unit) || unit === 'generic')))
  ) {
    throw unknownType(descr);
  }
  return {
    kind: isLongFloat ? 'raw' : known.kind,
    size,
    isLittle: order === '<',
    name: descr,
    ...(unit === undefined ? {} : { unit }),
  };
}

function unknownType(descr: string): Unreadable {
  return new Unreadable(`its type is not one that is read here: ${descr}`);
}
