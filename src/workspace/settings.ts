import { readSmallText } from './small-file.js';
import { isTable, parseToml, type Table } from './toml.js';
import type { Workspace } from './workspace.js';

/**
 * What dvs.toml says. It comes with cloned repositories: nothing in it may name a command to run, a credential,
 * or an endpoint that receives credentials without the user's approval on this machine.
 */
export interface Settings {
  /** The tables this version knows, by name; whoever uses one parses it. */
  readonly sections: ReadonlyMap<string, Table>;
  /** What it does not know and leaves alone, one sentence each. */
  readonly warnings: readonly string[];
}

/** The sections that some part of dvs reads. */
const KNOWN_SECTIONS: ReadonlySet<string> = new Set();

/** Reads dvs.toml; empty settings when there is none. E_ENCODING when it is not TOML. */
export async function readSettings(workspace: Workspace): Promise<Settings> {
  return parseSettings((await readSmallText(workspace.settingsPath)) ?? '');
}

/** Reads the text of a dvs.toml. What is unknown is a warning: a newer dvs may know it. */
export function parseSettings(text: string, known: ReadonlySet<string> = KNOWN_SECTIONS): Settings {
  const sections = new Map<string, Table>();
  const warnings: string[] = [];
  for (const [key, value] of Object.entries(parseToml('dvs.toml', text))) {
    if (known.has(key) && isTable(value)) sections.set(key, value);
    else
      warnings.push(`dvs.toml: ${JSON.stringify(key.slice(0, 80))} means nothing to this dvs and is ignored`);
  }
  return { sections, warnings };
}
