import { join } from 'node:path';
import { replaceFile } from '../backend/durable.js';
import { utf8 } from '../base/bytes.js';
import { DvsError } from '../base/errors.js';
import { exclusive } from './exclusive.js';
import { readSmallText } from './small-file.js';
import { isTable } from './toml.js';
import type { Workspace } from './workspace.js';

/** For each tracked path that is checked out in part: the patterns, for paths in the workspace, of that part. */
export type PartialPaths = Map<string, readonly string[]>;

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
    if (after !== before) await replaceFile(partialPath, utf8(after), tmpDir);
  });
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
  return new Map(
    Object.entries(paths).map(([path, patterns]) => {
      if (!isTexts(patterns)) throw damaged(file);
      return [path, patterns];
    }),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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
