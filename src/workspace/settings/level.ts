import { isTable, parseToml, type Table } from '../toml.js';
import type { Level, SettingWarning } from './config.js';
import { isSettingKey, type SettingKey } from './list.js';
import { type FileOrigin, refusal } from './reach.js';

/** What a file of settings says, and what of it is passed over. */
export interface ReadLevel {
  readonly level: Level;
  readonly warnings: readonly SettingWarning[];
}

/** Warnings are told up to here; a hostile file may give reason for millions. */
const MOST_WARNINGS = 20;

/** Reads the text of a file of settings, called `file`. E_ENCODING when it is not TOML. */
export function parseLevel(origin: FileOrigin, file: string, content: string): ReadLevel {
  const values = new Map<SettingKey, string>();
  const warnings: SettingWarning[] = [];
  for (const [key, value] of flatten(parseToml(file, content))) {
    const shown = `${file}: ${JSON.stringify(key.slice(0, 80))}`;
    const why = isSettingKey(key) ? refusal(key, origin) : undefined;
    if (!isSettingKey(key)) warnings.push({ what: `${shown} means nothing to this dvs and is ignored` });
    else if (why !== undefined)
      warnings.push({ what: `${shown} is ignored there: ${why.reason}`, instead: why.instead });
    else values.set(key, value);
    if (warnings.length === MOST_WARNINGS) break;
  }
  return { level: { origin, file, values }, warnings };
}

/** `core.jobs` of `[core] jobs`, with values as text. */
function* flatten(table: Table): Generator<[string, string]> {
  for (const [section, inner] of Object.entries(table)) {
    if (!isTable(inner)) {
      yield [section, textOf(inner)];
      continue;
    }
    for (const [name, value] of Object.entries(inner)) yield [`${section}.${name}`, textOf(value)];
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
