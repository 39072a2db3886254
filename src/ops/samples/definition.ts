import { compareUtf8 } from '../../base/bytes.js';
import { isDvsError } from '../../base/errors.js';
import { Fields } from '../../entities/fields.js';
import { plainPath } from '../../entities/path.js';
import type { ReaderDefinition } from '../../entities/samples.js';
import type { ValueMap } from '../../id/value.js';
import { type FieldSource, formatField, parseField } from './field.js';

/** What a sample is told by, beside its bytes. */
export const FIELDS = ['key', 'label', 'group', 'time'] as const;
export type FieldName = (typeof FIELDS)[number];

export type FieldSources = Readonly<Partial<Record<FieldName, FieldSource>>>;

/** The options of every reader, read. */
export interface Definition {
  readonly reader: string;
  readonly version: number;
  /** Paths and globs of the files that samples are read from; none: those that the reader claims. */
  readonly paths: readonly string[];
  readonly fields: FieldSources;
  /** Options that only this reader has. */
  readonly own: ValueMap;
}

/** Patterns of files. */
export const MOST_PATHS = 1000;

/** As an entity holds it. */
export function encodeDefinition({ reader, version, paths, fields, own }: Definition): ReaderDefinition {
  const sources = FIELDS.map((field) => [field, fields[field]] as const);
  const options = Object.fromEntries(
    sources.map(([field, source]) => [field, source === undefined ? null : formatField(source)]),
  );
  return { name: reader, version, options: { ...own, paths: [...paths], ...options } };
}

/** Reads what an entity holds. E_ENCODING for options that `encodeDefinition` would not write. */
export function parseDefinition({ name, version, options }: ReaderDefinition): Definition {
  const own = Object.fromEntries(
    Object.entries(options).filter(([key]) => key !== 'paths' && !FIELDS.some((field) => field === key)),
  );
  const fields = new Fields('options of a reader', options, Object.keys(options));
  const paths = fields.list('paths').map((path) => {
    if (typeof path === 'string') return path;
    throw fields.malformed('a path is no text');
  });
  if (paths.length > MOST_PATHS) throw fields.malformed(`it has ${paths.length} paths`);
  for (const [i, path] of paths.entries()) {
    const before = paths[i - 1];
    if (path === '' || path !== plainPath(path)) throw fields.malformed('a path is not as it is recorded');
    if (before !== undefined && compareUtf8(before, path) >= 0)
      throw fields.malformed('its paths are out of order');
  }
  const sources: Partial<Record<FieldName, FieldSource>> = {};
  for (const field of FIELDS) {
    if (fields.value(field) === null) continue;
    const source = parse(fields, field);
    if (formatField(source) !== fields.text(field)) throw fields.malformed(`\`${field}\` is not canonical`);
    sources[field] = source;
  }
  return { reader: name, version, paths, fields: sources, own };
}

function parse(fields: Fields, field: FieldName): FieldSource {
  try {
    return parseField(fields.text(field));
  } catch (error) {
    throw isDvsError(error, 'E_USAGE') ? fields.malformed(`\`${field}\`: ${error.message}`) : error;
  }
}
