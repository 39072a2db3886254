import type { FileEntry } from '../../../entities/dataset.js';
import { readContent } from '../../../store/objects/content.js';
import type { ObjectReader } from '../../../store/objects/reader.js';
import type { Side } from './side.js';

/** A file as a version has it. Whatever the store says is checked as it is read: E_DAMAGED, E_MISSING. */
export function storedSide(objects: ObjectReader, { id, size }: FileEntry): Side {
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
