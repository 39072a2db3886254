import { utf8Text } from './byte-text.js';

const SPACE = /[ \t\n\r]/;

/**
 * The fields of an object as they are written, so that no number loses digits; undefined for what is no object. Does
 * not recurse: of what is nested only brackets are counted.
 */
export function fieldsOf(row: string): Map<string, string> | undefined {
  const text = row.trim();
  if (!text.startsWith('{') || !text.endsWith('}')) return undefined;
  const fields = new Map<string, string>();
  for (let at = afterSpace(text, 1); at < text.length - 1; ) {
    const keyEnd = endOfString(text, at);
    const colon = keyEnd === undefined ? -1 : afterSpace(text, keyEnd);
    if (text[colon] !== ':') return undefined;
    const start = afterSpace(text, colon + 1);
    const end = endOfValue(text, start);
    const key = keyOf(text.slice(at, keyEnd));
    if (key === undefined || end === start) return undefined;
    fields.set(key, utf8Text(text.slice(start, end).trimEnd()));
    if (text[end] !== ',') return end === text.length - 1 ? fields : undefined;
    at = afterSpace(text, end + 1);
  }
  return fields;
}

function afterSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && SPACE.test(text[at] ?? '')) at++;
  return at;
}

/** Where the string that begins at `start` ends, or undefined when none does. */
function endOfString(text: string, start: number): number | undefined {
  if (text[start] !== '"') return undefined;
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at + 1;
  }
  return undefined;
}

/** Where a value ends: at a comma or bracket that does not belong to it, or at the end of the text. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = (endOfString(text, at) ?? text.length) - 1;
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') {
      if (depth === 0) return at;
      depth--;
    } else if (character === ',' && depth === 0) return at;
  }
  return text.length;
}

function keyOf(quoted: string): string | undefined {
  try {
    const key: unknown = JSON.parse(utf8Text(quoted));
    return typeof key === 'string' ? key : undefined;
  } catch {
    return undefined;
  }
}
