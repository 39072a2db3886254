import type { ParquetType, SchemaElement } from 'hyparquet/src/types.js';
import { Unreadable } from '../unreadable.js';
import { type Scalar, scalarOf } from './scalar.js';

/** A column as it is stored: what lies at one end of the schema. */
export interface Leaf {
  /** The names on the way to it, the root not counted. */
  readonly path: readonly string[];
  readonly type: ParquetType;
  /** Of FIXED_LEN_BYTE_ARRAY and INT96: how many bytes each value has. */
  readonly width: number;
  /** The highest definition and repetition level: how many on the way may be absent, and repeat. */
  readonly def: number;
  readonly rep: number;
}

/** Which leaves are beneath: from the first to before the last. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** What a column holds, with lists and maps as the specification means them, whichever way they are written down. */
export type Shape =
  | { readonly kind: 'leaf'; readonly leaf: number; readonly def: number; readonly scalar: Scalar }
  | ({ readonly kind: 'optional'; readonly def: number; readonly inner: Shape } & Span)
  | ({ readonly kind: 'list'; readonly def: number; readonly rep: number; readonly element: Shape } & Span)
  | ({ readonly kind: 'map'; readonly def: number; readonly rep: number; readonly entry: Struct } & Span)
  | Struct;

export interface Struct {
  readonly kind: 'struct';
  readonly fields: readonly Field[];
}

export interface Field {
  readonly name: string;
  readonly shape: Shape;
}

/** The columns of a file, and what they are stored in. */
export interface Schema extends Struct {
  readonly leaves: readonly Leaf[];
}

/** Deeper than any honest schema; it bounds every recursion over shapes. */
const MAX_DEPTH = 32;
const INT96_BYTES = 12;
const MAX_WIDTH = 2 ** 20;
const TYPES = 'BOOLEAN INT32 INT64 INT96 FLOAT DOUBLE BYTE_ARRAY FIXED_LEN_BYTE_ARRAY'.split(' ');

/** An element with those below it, and the levels that it has. */
interface Node extends Span {
  readonly element: SchemaElement;
  readonly children: readonly Node[];
  readonly def: number;
  readonly rep: number;
}

/**
 * The schema of a file, from its list of elements: each says how many of those after it are its children.
 * `Unreadable` when it is not one, nests more than 32 levels, or has one name twice in one place.
 */
export function schemaOf(elements: readonly SchemaElement[]): Schema {
  const leaves: Leaf[] = [];
  let next = 0;
  const take = (parent: { def: number; rep: number }, path: readonly string[]): Node => {
    const element = elements[next++];
    if (element === undefined || typeof element.name !== 'string')
      throw new Unreadable('its schema breaks off');
    if (path.length > MAX_DEPTH) throw new Unreadable('its schema is nested too deep');
    const isRoot = next === 1;
    const here = isRoot ? [] : [...path, element.name];
    const { repetition_type: repetition } = element;
    const def = parent.def + (isRoot || repetition === 'REQUIRED' ? 0 : 1);
    const rep = parent.rep + (!isRoot && repetition === 'REPEATED' ? 1 : 0);
    const from = leaves.length;
    const children: Node[] = [];
    for (let left = element.num_children ?? 0; left > 0; left--) children.push(take({ def, rep }, here));
    const names = new Set(children.map((child) => child.element.name));
    if (names.size < children.length) throw new Unreadable('its schema has two columns of one name');
    if (children.length === 0 && !isRoot) leaves.push(leafOf(element, here, { def, rep }));
    return { element, children, def, rep, from, to: leaves.length };
  };
  const root = take({ def: 0, rep: 0 }, []);
  if (next < elements.length) throw new Unreadable('its schema has more elements than columns');
  return { ...structOf(root), leaves };
}

function leafOf(element: SchemaElement, path: readonly string[], levels: { def: number; rep: number }): Leaf {
  const { type, type_length: length } = element;
  const name = path.join('.');
  if (type === undefined || !TYPES.includes(type)) throw new Unreadable(`column ${name} has no type`);
  const width = type === 'INT96' ? INT96_BYTES : type === 'FIXED_LEN_BYTE_ARRAY' ? (length ?? 0) : 0;
  const isFixed = type === 'FIXED_LEN_BYTE_ARRAY';
  if (isFixed && !(Number.isInteger(width) && width > 0 && width <= MAX_WIDTH))
    throw new Unreadable(`column ${name} has values of ${length ?? 'no'} bytes`);
  return { path, type, width, ...levels };
}

function structOf({ children }: Node): Struct {
  return {
    kind: 'struct',
    fields: children.map((child) => ({ name: child.element.name, shape: shapeOf(child) })),
  };
}

function shapeOf(node: Node): Shape {
  const { def, rep, from, to } = node;
  // Repeated without an annotation: a list that is never absent.
  if (node.element.repetition_type === 'REPEATED')
    return { kind: 'list', def, rep, from, to, element: inside(node) };
  const shape = inside(node);
  return node.element.repetition_type === 'OPTIONAL'
    ? { kind: 'optional', def, from, to, inner: shape }
    : shape;
}

/** What a node holds, not counting that it may be absent or repeat. */
function inside(node: Node): Shape {
  const { element, children, def, from } = node;
  if (children.length === 0) {
    if (element.type === undefined) return { kind: 'struct', fields: [] };
    return { kind: 'leaf', leaf: from, def, scalar: scalarOf(element, element.type) };
  }
  const [only] = children;
  if (children.length > 1 || only === undefined || only.element.repetition_type !== 'REPEATED')
    return structOf(node);
  const { converted_type: converted, logical_type: logical } = element;
  const span = { def: only.def, rep: only.rep, from: only.from, to: only.to };
  if (logical?.type === 'LIST' || converted === 'LIST')
    return { kind: 'list', ...span, element: elementOf(only, element) };
  const isMap = logical?.type === 'MAP' || converted === 'MAP' || converted === 'MAP_KEY_VALUE';
  if (isMap && only.children.length === 2) return { kind: 'map', ...span, entry: structOf(only) };
  return structOf(node);
}

/** The element of a list; older tools left out the level between (the specification's rules for compatibility). */
function elementOf(repeated: Node, list: SchemaElement): Shape {
  const [only] = repeated.children;
  const { name } = repeated.element;
  const isElement =
    repeated.children.length !== 1 ||
    only === undefined ||
    only.element.repetition_type === 'REPEATED' ||
    name === 'array' ||
    name === `${list.name}_tuple`;
  return isElement ? inside(repeated) : shapeOf(only);
}

/** The numbers of the leaves that a shape is stored in. */
export function leavesOf(shape: Shape): number[] {
  if (shape.kind === 'leaf') return [shape.leaf];
  if (shape.kind === 'struct') return shape.fields.flatMap((field) => leavesOf(field.shape));
  return Array.from({ length: shape.to - shape.from }, (_, i) => shape.from + i);
}
