import type { ByteRange } from '../../backend/interface.js';
import { equalBytes } from '../../base/bytes.js';
import { DvsError } from '../../base/errors.js';
import { type CID, digestOf } from '../../id/cid.js';
import { Sha256 } from '../../id/hash.js';
import { type ObjectReader, upTo } from './reader.js';

export interface ContentOptions {
  /** Bytes that it should have; of a longer one no more is read than shows that it is. */
  readonly size?: number | undefined;
  /** Only this stretch of it. */
  readonly range?: ByteRange | undefined;
}

/**
 * The bytes of a content, or of a range of it, in order. Every piece is checked before it is given out, and a
 * whole read ends with an error (E_DAMAGED) should the pieces not make up the content. Reads only what is needed.
 */
export async function* readContent(
  objects: ObjectReader,
  id: CID,
  { size, range }: ContentOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = range === undefined ? new Sha256() : undefined;
  const from = range?.offset ?? 0;
  const to = range === undefined ? Number.POSITIVE_INFINITY : from + range.length;
  // A content that is longer than the dataset says may have no end at all.
  for await (const pieces of objects.pieces(digestOf(id), range ?? upTo(size))) {
    for (const { at, object } of pieces) {
      const bytes = await objects.read(object);
      hash?.update(bytes);
      const part = bytes.subarray(Math.max(0, from - at), Math.min(bytes.length, to - at));
      if (part.length > 0) yield part;
    }
  }
  if (hash !== undefined && !equalBytes(hash.digest(), digestOf(id))) {
    throw new DvsError('E_DAMAGED', `the chunks do not make up the content ${id.toString()}`, {
      about: [id.toString()],
      hint: 'What was read of it is not that file. Run `dvs verify --all`.',
    });
  }
}
