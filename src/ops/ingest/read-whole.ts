import { closeSync } from 'node:fs';
import { ioError } from '../../base/errors.js';
import { readFully } from '../../base/read-fully.js';
import type { FileStat } from '../../workspace/file-stat.js';
import { isStill, openFile } from './read-file.js';
import type { ReadProblem, SmallFile } from './tasks.js';

/** A file that changes under our eyes is read again this often, with a pause in between. */
const TRIES = 4;
const PAUSE_MS = 15;

const pause = new Int32Array(new SharedArrayBuffer(4));

/** A whole file as it was at one moment. */
export interface WholeFile {
  readonly stat: FileStat;
  readonly bytes: Buffer;
}

/** Reads a file to where `place` says, given its size; or says why it could not be read as one thing. */
export function readWhole(
  { path, room }: SmallFile,
  place: (length: number) => Buffer,
): WholeFile | ReadProblem {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (attempt > 0) Atomics.wait(pause, 0, 0, PAUSE_MS);
    const file = openFile(path);
    if ('problem' in file) return file;
    const { fd, stat } = file;
    try {
      if (stat.size > room) return { problem: 'grown' };
      const bytes = place(stat.size);
      if (readFully(fd, bytes, 0) === stat.size && isStill(file)) return { stat, bytes };
    } catch (error) {
      throw ioError(error, 'reading', path);
    } finally {
      closeSync(fd);
    }
  }
  return { problem: 'changing' };
}
