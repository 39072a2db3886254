import { join } from 'node:path';
import { replaceFile } from '../backend/durable.js';
import { utf8 } from '../base/bytes.js';
import { DvsError } from '../base/errors.js';
import { parseJson } from '../base/json.js';
import { LIMITS } from '../base/limits.js';
import { exclusive } from './exclusive.js';
import { readSmallText } from './small-file.js';
import { isTable } from './toml.js';
import type { Workspace } from './workspace.js';

/** What of a tracked path is checked out, when that is not all of it. */
export interface Part {
  /** Of the dataset: a part of another is none of this one. */
  readonly name: string;
  /** For paths in the dataset. */
  readonly patterns: readonly string[];
  /** What comes with the version that has this ID, such as the files of a merge's conflicts. */
  readonly more?: { readonly id: string; readonly patterns: readonly string[] } | undefined;
}

/** By tracked path. */
export type PartialPaths = Map<string, Part>;

const VERSION = 1;

/** What is checked out in part here. E_ENCODING, E_FORMAT when the note of it cannot be read. */
export async function readPartial({ partialPath }: Workspace): Promise<PartialPaths> {
  const text = await readSmallText(partialPath);
  return text === undefined ? new Map() : parsePartial(partialPath, text);
}

/** Lets `change` edit what is checked out in part, while nobody else does. */
export async function updatePartial(
  workspace: Workspace,
  change: (paths: PartialPaths) => void,
): Promise<void> {
  const { partialPath, tmpDir } = workspace;
  await exclusive(join(tmpDir, 'partial.lock'), async () => {
    const paths = await readPartial(workspace);
    const before = formatPartial(paths);
    change(paths);
    const after = formatPartial(paths);
    assertReadable(after);
    if (after !== before) await replaceFile(partialPath, utf8(after), tmpDir);
  });
}

/** Refuses (E_LIMIT) what could not be read again. */
function assertReadable(text: string): void {
  if (text.length <= LIMITS.settingsBytes / 4) return;
  throw new DvsError(
    'E_LIMIT',
    'too many files lie beside what is checked out in part, each in a folder that is not',
    {
      hint: 'Check out those folders (`dvs checkout <path> -- <folder>`), or all: `dvs checkout <path> --all`.',
    },
  );
}

function formatPartial(paths: PartialPaths): string {
  return `${JSON.stringify({ version: VERSION, paths: Object.fromEntries(paths) }, undefined, 1)}\n`;
}

function parsePartial(file: string, text: string): PartialPaths {
  const found = parseJson(text);
  if (!isTable(found)) throw damaged(file);
  const { version, paths } = found;
  if (!isTable(paths)) throw damaged(file);
  if (version !== VERSION) {
    throw new DvsError('E_FORMAT', `${file} was written by another version of dvs`, {
      about: [file],
      hint: 'Use a newer dvs.',
    });
  }
  return new Map(Object.entries(paths).map(([path, part]) => [path, parsePart(file, part)]));
}

function parsePart(file: string, part: unknown): Part {
  if (!isTable(part)) throw damaged(file);
  const { name, patterns, more } = part;
  if (typeof name !== 'string' || !isTexts(patterns)) throw damaged(file);
  if (more === undefined) return { name, patterns };
  if (!isTable(more)) throw damaged(file);
  const { id, patterns: added } = more;
  if (typeof id !== 'string' || !isTexts(added)) throw damaged(file);
  return { name, patterns, more: { id, patterns: added } };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');
}

function damaged(file: string): DvsError {
  return new DvsError('E_ENCODING', `${file}, which says what is checked out in part, cannot be read`, {
    about: [file],
    hint: 'Remove that file, then check out each path that was partial again: `dvs checkout <path> -- <patterns>`.',
  });
}
