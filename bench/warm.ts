import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { freemem } from 'node:os';
import { filesIn } from './files.js';

const buffer = Buffer.alloc(4 * 2 ** 20);

/**
 * Makes the machine the same for whoever is measured next: what others wrote is on the disk, `folder` is in the
 * page cache, and as much free memory as `dirties` bytes has just been written to. (A virtual machine may have
 * given free pages back to its host; the first one to write to them again pays for that.)
 */
export function warm(folder: string, dirties: number): void {
  spawnSync('sync');
  for (const path of filesIn(folder)) readAll(path);
  touchMemory(dirties);
}

function readAll(path: string): void {
  const fd = openSync(path, 'r');
  while (readSync(fd, buffer) > 0);
  closeSync(fd);
}

/** Writes to so much free memory, but to no more than half of it. A process of its own gives all back at once. */
export function touchMemory(bytes: number): void {
  const end = Math.min(bytes, freemem() / 2);
  const program = `const a = []; for (let i = 0; i < ${end}; i += 2 ** 26) a.push(Buffer.alloc(2 ** 26, 1));`;
  spawnSync(process.execPath, ['-e', program]);
}
