import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../backend/durable.js';
import { asBuffer } from '../base/bytes.js';
import { ioError } from '../base/errors.js';
import { exclusive } from './exclusive.js';
import { readSmallFile } from './small-file.js';
import type { Workspace } from './workspace.js';

/**
 * Adds a line to a file of lines at the root of the workspace, such as .gitignore, unless it is there; makes the file.
 * Returns whether it was changed. Throws what `readSmallFile` throws.
 */
export function addLine(workspace: Workspace, file: string, line: string): Promise<boolean> {
  return edit(workspace, file, line, async (path, lines, wanted) => {
    if (lines.some((found) => found.replace(/\r$/, '') === wanted)) return false;
    const lineEnd = lines.length > 1 && lines[0]?.endsWith('\r') ? '\r\n' : '\n';
    const gap = lines.at(-1) === '' ? '' : lineEnd;
    // Appended, not replaced: nothing that was there can be lost.
    try {
      await appendFile(path, gap + line + lineEnd);
    } catch (error) {
      throw ioError(error, 'writing', path);
    }
    return true;
  });
}

/** Takes a line out again, and the file with it when nothing is left. Returns whether it was there. */
export function removeLine(workspace: Workspace, file: string, line: string): Promise<boolean> {
  return edit(workspace, file, line, async (path, lines, wanted) => {
    const kept = lines.filter((found) => found.replace(/\r$/, '') !== wanted);
    if (kept.length === lines.length) return false;
    if (kept.join('') === '') await rm(path);
    else await replaceFile(path, Buffer.from(kept.join('\n'), 'latin1'), workspace.tmpDir);
    return true;
  });
}

/** True when a file of lines at the root of the workspace has this one. */
export async function hasLine({ root }: Workspace, file: string, line: string): Promise<boolean> {
  const lines = await readLines(join(root, file));
  return lines.some((found) => found.replace(/\r$/, '') === asBytes(line));
}

/** Lines and what is looked for, one byte a character: a file in an old encoding must come out as it went in. */
async function edit(
  workspace: Workspace,
  file: string,
  line: string,
  change: (path: string, lines: readonly string[], wanted: string) => Promise<boolean>,
): Promise<boolean> {
  return exclusive(join(workspace.tmpDir, `${file.replace(/^\./, '')}.lock`), async () => {
    const path = join(workspace.root, file);
    return change(path, await readLines(path), asBytes(line));
  });
}

async function readLines(path: string): Promise<string[]> {
  const bytes = (await readSmallFile(path)) ?? new Uint8Array();
  return asBuffer(bytes).toString('latin1').split('\n');
}

function asBytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}
