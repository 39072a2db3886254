import { createHash, hash } from 'node:crypto';

/** 32 bytes of SHA-256. */
export type Digest = Uint8Array;

export const DIGEST_LENGTH = 32;

/** SHA-256 of `bytes` in one call. */
export function sha256(bytes: Uint8Array): Digest {
  return hash('sha256', bytes, 'buffer');
}

/** SHA-256 of bytes that arrive in pieces. */
export class Sha256 {
  readonly #hash = createHash('sha256');

  update(bytes: Uint8Array): this {
    this.#hash.update(bytes);
    return this;
  }

  digest(): Digest {
    return this.#hash.digest();
  }
}
