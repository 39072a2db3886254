import { closeSync, fstatSync, openSync } from 'node:fs';
import { ioError, systemCode } from '../../../base/errors.js';
import { KiB } from '../../../base/limits.js';
import { READ_NO_LINK } from '../../../base/open-flags.js';
import { readFully } from '../../../base/read-fully.js';
import type { FileBytes } from '../../../formats/file-bytes.js';
import { Unreadable } from '../../../formats/unreadable.js';

const PIECE = 256 * KiB;

/** A file as it lies on disk. Whoever opens one closes it. */
export interface OpenSide extends FileBytes {
  close(): void;
}

/** Opens a file that a moment ago had `size` bytes; undefined when it has become something else. */
export function openDiskSide(path: string, size: number): OpenSide | undefined {
  const fd = open(path);
  if (fd === undefined) return undefined;
  const stat = fstatSync(fd);
  if (!stat.isFile() || stat.size !== size) {
    closeSync(fd);
    return undefined;
  }
  const read = (offset: number, length: number): Uint8Array => {
    const piece = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
    try {
      if (readFully(fd, piece, offset) === piece.length) return piece;
    } catch (error) {
      throw ioError(error, 'reading', path);
    }
    throw new Unreadable('it became shorter while it was compared');
  };
  return {
    size,
    async *stream() {
      for (let offset = 0; offset < size; offset += PIECE) yield read(offset, PIECE);
    },
    range: async (offset, length) => read(offset, length),
    close: () => closeSync(fd),
  };
}

function open(path: string): number | undefined {
  try {
    return openSync(path, READ_NO_LINK);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO'].includes(systemCode(error) ?? '')) return undefined;
    throw ioError(error, 'reading', path);
  }
}
