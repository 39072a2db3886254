import { fromUtf8, utf8 } from '../../../base/bytes.js';
import { KiB, MiB } from '../../../base/limits.js';
import { byteText } from '../../../formats/byte-text.js';
import { type Columns, jsonCells } from '../../../formats/json-cells.js';
import { fieldsOf } from '../../../formats/json-fields.js';
import { Unreadable } from '../../../formats/unreadable.js';

const MAX_TEXT = 64 * KiB;
const MAX_JSON = MiB;
const JSON_FIELD = /^json\.(.+)$/s;
const PLAIN = /^(?:true|false|-?\d[\d.eE+-]*)$/;

/** What a column of a tar stands for: a file of each sample, or a field of its JSON file. */
export interface TarColumn {
  readonly extension: string;
  /** The most bytes that the file may have. */
  readonly maxBytes: number;
  /** The text that the bytes of that file give. Throws `Unreadable`. */
  readonly text: (bytes: Uint8Array) => string | undefined;
}

/** The column of a name: an extension, or `json.` and the name of a field. */
export function tarColumn(name: string): TarColumn {
  const field = JSON_FIELD.exec(name)?.[1];
  // A line feed may follow, of one byte or two.
  if (field === undefined) return { extension: name, maxBytes: MAX_TEXT + 2, text: wholeText };
  return { extension: 'json', maxBytes: MAX_JSON, text: (bytes) => jsonField(bytes, field) };
}

/**
 * What counts of a file of a sample: its bytes, and of JSON the fields that do, in one way to write them. Undefined when nothing
 * does.
 */
export function leftOf(extension: string, bytes: Uint8Array, without?: Columns): Uint8Array | undefined {
  if (without === undefined) return bytes;
  if (without.has(extension)) return undefined;
  const isJson = extension === 'json' && bytes.length <= MAX_JSON;
  const cells = isJson ? jsonCells(bytes, { has: (field) => without.has(`json.${field}`) }) : undefined;
  if (cells === undefined) return bytes;
  return cells.length === 0 ? undefined : utf8(JSON.stringify(cells));
}

function wholeText(bytes: Uint8Array): string {
  return bounded(utf8Text(bytes).replace(/\r?\n$/, ''));
}

function jsonField(bytes: Uint8Array, field: string): string | undefined {
  assertJson(utf8Text(bytes));
  const fields = fieldsOf(byteText(bytes));
  if (fields === undefined) throw new Unreadable('it is no JSON object');
  const written = fields.get(field);
  if (written === undefined) throw new Unreadable(`it has no field ${field}`);
  if (written === 'null') return undefined;
  if (PLAIN.test(written)) return bounded(written);
  const value: unknown = JSON.parse(written);
  if (typeof value !== 'string')
    throw new Unreadable(`its field ${field} is a list or an object, not one value`);
  return bounded(value);
}

function assertJson(text: string): void {
  try {
    JSON.parse(text);
  } catch (cause) {
    throw new Unreadable('it is no JSON', { cause });
  }
}

function utf8Text(bytes: Uint8Array): string {
  const text = fromUtf8(bytes);
  if (text === undefined) throw new Unreadable('it is not UTF-8');
  return text;
}

function bounded(text: string): string {
  if (Buffer.byteLength(text) > MAX_TEXT) throw new Unreadable(`its text has more than ${MAX_TEXT} bytes`);
  if (!text.isWellFormed()) throw new Unreadable('its text is not Unicode');
  return text;
}
