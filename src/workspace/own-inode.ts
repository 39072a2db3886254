import { lstatSync } from 'node:fs';
import { ioError } from '../base/errors.js';

/** By what a `.dvs` is known: it stays when the workspace is renamed, and nobody who makes a copy can choose it. */
export function ownInode(ownDir: string): string {
  try {
    return String(lstatSync(ownDir, { bigint: true }).ino);
  } catch (error) {
    throw ioError(error, 'reading', ownDir);
  }
}
