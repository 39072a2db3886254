import { badData } from '../../../../formats/bad-data.js';
import type { Value } from '../../../../formats/parquet/assemble.js';
import type { Scalar } from '../../../../formats/parquet/scalar.js';
import type { Shape, Struct } from '../../../../formats/parquet/shape.js';
import { columnText } from './field-text.js';
import { itemsOf } from './row-bytes.js';
import { jsonOf } from './row-json.js';

/** A column, at the top or in structs. */
export interface Column {
  readonly name: string;
  /** Which fields lead to it, from the top. */
  readonly way: readonly [number, ...number[]];
  readonly shape: Shape;
  /** What its values are, where each is a single one. */
  readonly scalar: Scalar | undefined;
}

/**
 * The column of a name: of one at the top, else of one in structs with their names before it (`position.x`). E_DATA when
 * there is none, or it does not hold single values where it has to.
 */
export function columnOf(path: string, schema: Struct, name: string, nested = false): Column {
  const [first, ...rest] = wayTo(schema, name) ?? [];
  if (first === undefined) {
    const names = schema.fields.map((field) => field.name).join(', ');
    throw badData(path, `it has no column ${name}; it has: ${names}`, { hint: 'Name one of its columns.' });
  }
  const way = [first, ...rest] as const;
  const shape = way.reduce<Shape>((at, field) => inside(at, field), schema);
  const single = shape.kind === 'optional' ? shape.inner : shape;
  if (single.kind !== 'leaf' && !nested)
    throw badData(path, `its column ${name} holds a ${single.kind} in each row, not a single value`, {
      hint: 'Name a column of single values.',
    });
  return { name, way, shape, scalar: single.kind === 'leaf' ? single.scalar : undefined };
}

/** What a row has in a column; null also where a struct on the way is. */
export function valueIn(row: readonly Value[], { way }: Column): Value {
  return way.reduce<Value>((at, field) => itemsOf(at)[field] ?? null, row);
}

/** What a column says of a value as text; undefined for null. */
export function textOfValue(value: Value, { scalar, shape }: Column): string | undefined {
  if (value === null) return undefined;
  if (scalar === undefined) return jsonOf(value, shape);
  return typeof value === 'object' && !(value instanceof Uint8Array) ? undefined : columnText(value, scalar);
}

function wayTo(struct: Struct, name: string): number[] | undefined {
  const whole = struct.fields.findIndex((field) => field.name === name);
  if (whole >= 0) return [whole];
  for (const [i, field] of struct.fields.entries()) {
    const inner = field.shape.kind === 'optional' ? field.shape.inner : field.shape;
    if (inner.kind !== 'struct' || !name.startsWith(`${field.name}.`)) continue;
    const rest = wayTo(inner, name.slice(field.name.length + 1));
    if (rest !== undefined) return [i, ...rest];
  }
  return undefined;
}

function inside(shape: Shape, field: number): Shape {
  const struct = shape.kind === 'optional' ? shape.inner : shape;
  return (struct.kind === 'struct' ? struct.fields[field]?.shape : undefined) ?? shape;
}
