import type { ByteRange } from '../backend/interface.js';
import { concatBytes, equalBytes } from '../base/bytes.js';
import { DvsError } from '../base/errors.js';
import { digestOf } from '../id/cid.js';
import { Sha256 } from '../id/hash.js';
import { upTo } from '../store/objects/reader.js';
import { findTarget } from './references.js';
import type { Repository } from './repository.js';

/**
 * The bytes of a content, or of a range of it, in order. Every piece is checked before it is given out, and a
 * whole read ends with an error (E_DAMAGED) should the pieces not make up the content. Reads only what is needed.
 */
export async function* read(
  repo: Repository,
  reference: string,
  range?: ByteRange,
): AsyncGenerator<Uint8Array> {
  const { id, kind, size } = await findTarget(repo, reference);
  if (kind !== 'content') {
    throw new DvsError('E_USAGE', `${reference} is a ${kind}; only files have bytes to print`, {
      hint: `Name a file in it: \`dvs cat ${reference}/<path>\`; \`dvs ls ${reference}\` lists them.`,
    });
  }
  const { objects } = repo.store;
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
    throw new DvsError('E_DAMAGED', `${reference}: the chunks do not make up the content ${id.toString()}`, {
      about: [id.toString()],
      hint: 'What was printed is not that file. Run `dvs verify --all`.',
    });
  }
}

/** The bytes of a content, or of a range of it, in one piece: for what fits in memory. */
export async function readBytes(repo: Repository, reference: string, range?: ByteRange): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of read(repo, reference, range)) parts.push(part);
  return concatBytes(parts);
}
