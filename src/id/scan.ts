import { DvsError } from '../base/errors.js';
import { LIMITS } from '../base/limits.js';

/**
 * Walks the heads of one CBOR item without recursion or allocation, and refuses what could hurt a decoder:
 * nesting beyond `LIMITS.nodeDepth` (E_LIMIT), indefinite lengths, lengths beyond the input, bytes after
 * the end (E_ENCODING). RFC 8949, section 3.
 */
export function scanStructure(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const remaining: number[] = [1];
  let at = 0;
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
    const argument = info < 24 ? info : readArgument(view, at + 1, extra);
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
  if (at !== bytes.length) throw malformed('bytes follow its end');
}

function readArgument(view: DataView, at: number, extra: number): number {
  if (extra === 1) return view.getUint8(at);
  if (extra === 2) return view.getUint16(at);
  if (extra === 4) return view.getUint32(at);
  return view.getUint32(at) * 2 ** 32 + view.getUint32(at + 4);
}

function malformed(why: string): DvsError {
  return new DvsError('E_ENCODING', `not canonical DAG-CBOR: ${why}`);
}
