import { DvsError } from '../base/errors.js';
import { LIMITS } from '../base/limits.js';

/**
 * Walks the heads of one CBOR item without recursion or allocation, and refuses what could hurt a decoder:
 * nesting beyond `LIMITS.nodeDepth` (E_LIMIT), indefinite lengths, lengths beyond the input, bytes after
 * the end (E_ENCODING). RFC 8949, section 3.
 */
export function scanStructure(bytes: Uint8Array): void {
  if (endOfItem(bytes, 0) !== bytes.length) throw malformed('bytes follow its end');
}

/** Where the item that begins at `start` ends. Throws as `scanStructure`, but for what follows the end. */
export function endOfItem(bytes: Uint8Array, start: number): number {
  const remaining: number[] = [1];
  let at = start;
  while (remaining.length > 0) {
    const top = remaining.length - 1;
    const left = remaining[top] ?? 0;
    if (left === 0) {
      remaining.pop();
      continue;
    }
    remaining[top] = left - 1;
    const initial = bytes[at];
    if (initial === undefined) throw malformed('it ends too early');
    const major = initial >> 5;
    const info = initial & 31;
    const extra = info < 24 ? 0 : info < 28 ? 1 << (info - 24) : -1;
    if (extra < 0) throw malformed('it has an indefinite or reserved length');
    if (at + 1 + extra > bytes.length) throw malformed('it ends too early');
    const argument = info < 24 ? info : readArgument(bytes, at + 1, extra);
    at += 1 + extra;
    if (major === 2 || major === 3) {
      if (argument > bytes.length - at) throw malformed('a string is longer than the input');
      at += argument;
    } else if (major === 4 || major === 5) {
      const items = major === 4 ? argument : argument * 2;
      if (items > bytes.length - at) throw malformed('a list or map is longer than the input');
      remaining.push(items);
    } else if (major === 6) {
      remaining.push(1);
    }
    if (remaining.length > LIMITS.nodeDepth) {
      throw new DvsError('E_LIMIT', `a node is nested deeper than ${LIMITS.nodeDepth}`);
    }
  }
  return at;
}

/** Big-endian; beyond 2⁵³ inexact, and larger than any input. */
function readArgument(bytes: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let i = at; i < at + length; i++) value = value * 256 + (bytes[i] ?? 0);
  return value;
}

function malformed(why: string): DvsError {
  return new DvsError('E_ENCODING', `not canonical DAG-CBOR: ${why}`);
}
