import type { Value } from '../../../../formats/parquet/assemble.js';
import {
  halfOf,
  integerOf,
  type Physical,
  type Scalar,
  unscaledOf,
} from '../../../../formats/parquet/scalar.js';
import type { Shape, Struct } from '../../../../formats/parquet/shape.js';
import { fieldText, numberText, stringOf } from './field-text.js';
import { itemsOf } from './row-bytes.js';

/**
 * A value as JSON on one line: what JSON's numbers hold exactly as numbers, other numbers and times as text, bytes in
 * base64, maps as objects where their keys are strings, else as pairs.
 */
export function jsonOf(value: Value, shape: Shape): string {
  switch (shape.kind) {
    case 'optional':
      return value === null ? 'null' : jsonOf(value, shape.inner);
    case 'list':
      return `[${itemsOf(value)
        .map((item) => jsonOf(item, shape.element))
        .join(',')}]`;
    case 'struct': {
      const items = itemsOf(value);
      return `{${shape.fields
        .map(({ name, shape: inner }, i) => `${JSON.stringify(name)}:${jsonOf(items[i] ?? null, inner)}`)
        .join(',')}}`;
    }
    case 'map':
      return mapJson(itemsOf(value), shape.entry);
    case 'leaf':
      return value === null || (typeof value === 'object' && !(value instanceof Uint8Array))
        ? 'null'
        : scalarJson(value, shape.scalar);
  }
}

function mapJson(entries: readonly Value[], { fields: [key, value] }: Struct): string {
  if (key === undefined || value === undefined) return '{}';
  const hasNames = key.shape.kind === 'leaf' && key.shape.scalar.kind === 'string';
  const parts = entries.map((entry) => {
    const [name = null, content = null] = itemsOf(entry);
    const pair = [jsonOf(name, key.shape), jsonOf(content, value.shape)];
    return hasNames ? pair.join(':') : `[${pair.join(',')}]`;
  });
  return hasNames ? `{${parts.join(',')}}` : `[${parts.join(',')}]`;
}

function scalarJson(value: Physical, scalar: Scalar): string {
  switch (scalar.kind) {
    case 'boolean':
      return String(value);
    case 'integer': {
      const number = integerOf(value, scalar.unsigned);
      return Number.isSafeInteger(Number(number)) ? number.toString() : `"${number}"`;
    }
    case 'decimal': {
      const text = fieldText(value, scalar);
      return Number.isSafeInteger(Number(unscaledOf(value))) ? text : `"${text}"`;
    }
    case 'float':
    case 'half': {
      const number = scalar.kind === 'half' ? halfOf(value) : Number(value);
      return Number.isFinite(number) ? numberText(number) : `"${number}"`;
    }
    case 'string':
      return JSON.stringify(stringOf(value));
    default:
      return `"${fieldText(value, scalar)}"`;
  }
}
