import type { FileEntry } from '../../entities/dataset.js';
import type { FileBytes } from '../../formats/file-bytes.js';
import { readContent } from './content.js';
import type { ObjectReader } from './reader.js';

/** A file as a version has it. Whatever the store says is checked as it is read: E_DAMAGED, E_MISSING. */
export function storedBytes(objects: ObjectReader, { id, size }: FileEntry): FileBytes {
  return {
    size,
    stream: () => readContent(objects, id, { size }),
    async range(offset, length) {
      const pieces: Uint8Array[] = [];
      const range = { offset, length: Math.max(0, Math.min(length, size - offset)) };
      for await (const piece of readContent(objects, id, { range })) pieces.push(piece);
      return new Uint8Array(Buffer.concat(pieces));
    },
  };
}
