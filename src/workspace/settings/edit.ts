import { isDeepStrictEqual } from 'node:util';
import { DvsError } from '../../base/errors.js';
import { isTable, parseToml, type Table } from '../toml.js';
import { type SettingKey, settingOf } from './list.js';

/** A value on one line, with what is around it: text in quotes of either kind, or a bare word. */
const LINE = /^(\s*[\w"'.-]+\s*=\s*)("(?:[^"\\]|\\.)*"|'[^']*'|[^\s#"'[{]+)(\s*(?:#.*)?\r?)$/;

/** Places that are tried: of a file by hand, the first or second is right. */
const MOST_TRIED = 20;

/**
 * The text of a file of settings with `key` set to `value` (undefined: without it), everything else as it was,
 * comments and unknown keys included. Tries the places where the key may stand and takes the first that reads back as
 * exactly this change; E_USAGE when the file is written in a way that none does.
 */
export function editToml(file: string, content: string, key: SettingKey, value: string | undefined): string {
  const wanted = withSetting(parseToml(file, content), key, value);
  if (value === undefined && isSame(parseToml(file, content), wanted)) return content;
  let tried = 0;
  for (const candidate of candidates(content, key, value)) {
    if (reads(file, candidate, wanted)) return candidate;
    if (++tried === MOST_TRIED) break;
  }
  throw new DvsError('E_USAGE', `${file} has ${key} in a form that dvs does not edit`, {
    about: [file],
    hint: `Change it in an editor: [${sectionOf(key)}], then ${nameOf(key)} = ${literal(key, value ?? '')}.`,
  });
}

function* candidates(content: string, key: SettingKey, value: string | undefined): Generator<string> {
  const lines = content.split('\n');
  for (const [i, line] of lines.entries()) {
    const [, start, , end] = LINE.exec(line) ?? [];
    if (start === undefined || !start.includes(nameOf(key))) continue;
    const changed = value === undefined ? [] : [`${start}${literal(key, value)}${end}`];
    yield lines.toSpliced(i, 1, ...changed).join('\n');
  }
  if (value === undefined) return;
  const added = `${nameOf(key)} = ${literal(key, value)}`;
  for (const [i, line] of lines.entries()) {
    if (line.includes('[') && line.includes(sectionOf(key)))
      yield lines.toSpliced(i + 1, 0, added).join('\n');
  }
  const gap = content === '' ? '' : content.endsWith('\n') ? '\n' : '\n\n';
  yield `${content}${gap}[${sectionOf(key)}]\n${added}\n`;
}

function reads(file: string, content: string, wanted: Table): boolean {
  try {
    return isSame(parseToml(file, content), wanted);
  } catch {
    return false; // that place was inside of something else
  }
}

/** What the file has to say afterwards. */
function withSetting(before: Table, key: SettingKey, value: string | undefined): Table {
  const section = before[sectionOf(key)] ?? {};
  if (!isTable(section)) return { ...before };
  const { [nameOf(key)]: _, ...others } = section;
  if (value !== undefined) {
    const parsed = parseToml('value', `value = ${literal(key, value)}`);
    return { ...before, [sectionOf(key)]: { ...others, [nameOf(key)]: parsed['value'] } };
  }
  return before[sectionOf(key)] === undefined ? before : { ...before, [sectionOf(key)]: others };
}

/** Copied first, because the parser's tables have no prototype and ours have. */
function isSame(a: Table, b: Table): boolean {
  return isDeepStrictEqual(structuredClone(a), structuredClone(b));
}

/** The value as TOML writes it. What JSON escapes TOML escapes in the same way, and a value has no control characters. */
function literal(key: SettingKey, value: string): string {
  const { type } = settingOf(key);
  return type.isBare ? String(type.parse(value)) : JSON.stringify(value);
}

function sectionOf(key: SettingKey): string {
  return key.slice(0, key.indexOf('.'));
}

function nameOf(key: SettingKey): string {
  return key.slice(key.indexOf('.') + 1);
}
