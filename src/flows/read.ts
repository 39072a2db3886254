import type { ByteRange } from '../backend/interface.js';
import { concatBytes } from '../base/bytes.js';
import { DvsError } from '../base/errors.js';
import { aKind } from '../entities/kind.js';
import { readContent } from '../store/objects/content.js';
import { findTarget } from './references.js';
import type { Repository } from './repository.js';

/** The bytes of the content that a reference leads to, or of a range of it, in order. See `readContent`. */
export async function* read(
  repo: Repository,
  reference: string,
  range?: ByteRange,
): AsyncGenerator<Uint8Array> {
  const { id, kind, size } = await findTarget(repo, reference);
  if (kind !== 'content') {
    throw new DvsError('E_USAGE', `${reference} is ${aKind(kind)}; only files have bytes to print`, {
      hint:
        kind === 'samples' || kind === 'split'
          ? `Name a sample: \`dvs cat <samples or part> --sample <number or key>\`.`
          : `Name a file in it: \`dvs cat ${reference}/<path>\`; \`dvs ls ${reference}\` lists them.`,
    });
  }
  yield* readContent(repo.store.objects, id, { size, range });
}

/** The bytes of a content, or of a range of it, in one piece: for what fits in memory. */
export async function readBytes(repo: Repository, reference: string, range?: ByteRange): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of read(repo, reference, range)) parts.push(part);
  return concatBytes(parts);
}
