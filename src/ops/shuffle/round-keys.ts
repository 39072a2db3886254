import { concatBytes, utf8 } from '../../base/bytes.js';
import { sha256 } from '../../id/hash.js';

/** What decides a permutation of 0 … n−1: nothing else does. */
export interface Recipe {
  readonly n: number | bigint;
  /** A text without a line feed. */
  readonly seed: string;
  readonly epoch: number | bigint;
}

const BLOCKS = [0, 1, 2];

/** Step 1 of dvs-perm-1: the keys a₀, b₀, a₁, b₁ … of all twelve rounds. */
export function roundKeys({ n, seed, epoch }: Recipe): Int32Array {
  const bytes = concatBytes(
    BLOCKS.map((block) => sha256(utf8(`dvs-perm-1\n${n}\n${epoch}\n${seed}\n${block}`))),
  );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Int32Array.from({ length: bytes.length / 4 }, (_, word) => view.getInt32(4 * word, true));
}
