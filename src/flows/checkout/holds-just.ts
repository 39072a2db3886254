import { closeSync, openSync } from 'node:fs';
import { equalBytes } from '../../base/bytes.js';
import { ioError } from '../../base/errors.js';
import { readFully } from '../../base/read-fully.js';

/** Whether the file at `path` holds these bytes and no more; of both no more is read than shows that it does not. */
export async function holdsJust(path: string, pieces: AsyncIterable<Uint8Array>): Promise<boolean> {
  const doing = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw ioError(error, 'reading', path);
    }
  };
  const file = doing(() => openSync(path, 'r'));
  try {
    let at = 0;
    for await (const piece of pieces) {
      const found = Buffer.alloc(piece.length);
      const length = doing(() => readFully(file, found, at));
      if (!equalBytes(found.subarray(0, length), piece)) return false;
      at += length;
    }
    return doing(() => readFully(file, Buffer.alloc(1), at)) === 0;
  } finally {
    closeSync(file);
  }
}
