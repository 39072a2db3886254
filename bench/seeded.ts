import { type Cipher, createCipheriv } from 'node:crypto';

const POOL = 64 * 1024;

/** Bytes and choices that look random, and are the same for the same seed on every machine. */
export class Seeded {
  readonly #cipher: Cipher;
  #pool: Buffer = Buffer.alloc(0);
  #at = 0;

  constructor(seed: number) {
    const key = Buffer.alloc(16);
    key.writeUInt32LE(seed);
    this.#cipher = createCipheriv('aes-128-ctr', key, Buffer.alloc(16));
  }

  /** Bytes that do not compress. */
  bytes(length: number): Buffer {
    return this.#cipher.update(Buffer.alloc(length));
  }

  /** A whole number from 0 to `end - 1`; each as likely, near enough for `end` far below 2³². */
  below(end: number): number {
    if (this.#at === this.#pool.length) {
      this.#pool = this.bytes(POOL);
      this.#at = 0;
    }
    const word = this.#pool.readUInt32LE(this.#at);
    this.#at += 4;
    return word % end;
  }

  pick<T>(values: readonly [T, ...T[]]): T {
    return values[this.below(values.length)] ?? values[0];
  }
}
