import { readSync } from 'node:fs';

/** Fills `target` from `offset` of an open file; says how many bytes there were. Throws errors of the system. */
export function readFully(fd: number, target: Uint8Array, offset: number): number {
  let done = 0;
  while (done < target.length) {
    const read = readSync(fd, target, done, target.length - done, offset + done);
    if (read === 0) break;
    done += read;
  }
  return done;
}
