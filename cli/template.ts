import { DvsError } from '../src/base/errors.js';

const ESCAPES = new Map([
  ['\\n', '\n'],
  ['\\t', '\t'],
  ['\\0', '\0'],
  ['\\\\', '\\'],
  ['{{', '{'],
  ['}}', '}'],
]);

const PART = /\{\{|\}\}|\{([^{}]*)\}|\\[\s\S]?|[{}]/g;

/** A template such as `{id} {name}:v{version}`, taken apart: text, and the fields that stand between. */
export type Template<F extends string> = readonly (string | { readonly field: F })[];

/** Takes a template apart; E_USAGE, with a list of what there is, for a field or escape that there is not. */
export function parseTemplate<F extends string>(text: string, fields: readonly F[]): Template<F> {
  const parts: (string | { field: F })[] = [];
  let done = 0;
  for (const { 0: part, 1: name, index } of text.matchAll(PART)) {
    parts.push(text.slice(done, index));
    done = index + part.length;
    const field = fields.find((candidate) => candidate === name);
    const escaped = ESCAPES.get(part);
    if (field !== undefined) parts.push({ field });
    else if (escaped !== undefined) parts.push(escaped);
    else throw unknown(part, fields);
  }
  parts.push(text.slice(done));
  return parts;
}

/** The text that a template makes of values. */
export function fill<F extends string>(template: Template<F>, value: (field: F) => string): string {
  return template.map((part) => (typeof part === 'string' ? part : value(part.field))).join('');
}

function unknown(part: string, fields: readonly string[]): DvsError {
  const names = fields.map((field) => `{${field}}`).join(' ');
  return new DvsError('E_USAGE', `${part} means nothing in a format`, {
    about: [part],
    hint: `Fields are ${names}; write \\n, \\t, \\0 or \\\\ for those characters, {{ and }} for braces.`,
  });
}
