import { equalBytes, hex } from '../../base/bytes.js';
import { DvsError } from '../../base/errors.js';
import { type Digest, sha256 } from '../../id/hash.js';
import { EntryKind } from '../pack/layout.js';

/** The hash that an object of this kind has as its ID. Chunk hashes are loaded when the first is needed. */
export async function objectHash(kind: EntryKind, bytes: Uint8Array): Promise<Digest> {
  if (kind !== EntryKind.chunk) return sha256(bytes);
  const { chunkHash } = await import('../../chunk/hash.js');
  return chunkHash(bytes);
}

/** Passes bytes on only if they are the object `id`; E_DAMAGED otherwise. */
export async function assertObject(kind: EntryKind, id: Digest, bytes: Uint8Array): Promise<Uint8Array> {
  if (!equalBytes(await objectHash(kind, bytes), id)) {
    const word = Object.keys(EntryKind)[kind] ?? 'object';
    throw new DvsError(
      'E_DAMAGED',
      `the ${word} ${hex(id).slice(0, 12)}… is damaged: its bytes have another hash`,
      {
        hint: 'Run `dvs verify --all` to list what is damaged.',
      },
    );
  }
  return bytes;
}

export function assertNodeBytes(id: Digest, bytes: Uint8Array): Promise<Uint8Array> {
  return assertObject(EntryKind.node, id, bytes);
}
