import { equalBytes } from '../base/bytes.js';
import { DvsError, isDvsError } from '../base/errors.js';
import { LIMITS } from '../base/limits.js';
import { assertOurs, CID } from './cid.js';
import { parseCbor } from './parse.js';
import { serialiseCbor } from './serialise.js';
import type { Value, ValueMap } from './value.js';

export type { Value, ValueMap } from './value.js';

/**
 * The one canonical encoding of `value`. E_ENCODING for a value that entities may not hold, E_LIMIT for one
 * that is nested too deeply or takes more than `limit` bytes: what is encoded can always be decoded.
 */
export function encode(value: Value, limit: number = LIMITS.nodeBytes): Uint8Array {
  assertHoldable(value);
  const bytes = serialiseCbor(value);
  assertSize(bytes, limit);
  return bytes;
}

/**
 * Decodes canonical bytes: parse, check, encode again, compare. Refuses (E_ENCODING) floats, integers
 * beyond ±(2⁵³−1), unsorted maps, longer-than-needed integers, malformed text and trailing bytes; E_CID for
 * links that are no IDs of ours; E_LIMIT beyond `limit` bytes or too deep.
 */
export function decode(bytes: Uint8Array, limit: number = LIMITS.nodeBytes): Value {
  assertSize(bytes, limit);
  let value: unknown;
  try {
    value = parseCbor(bytes);
  } catch (cause) {
    if (isDvsError(cause)) throw cause;
    throw new DvsError('E_ENCODING', 'not canonical DAG-CBOR', { cause });
  }
  assertHoldable(value);
  if (!equalBytes(serialiseCbor(value), bytes)) {
    throw new DvsError('E_ENCODING', 'not canonical DAG-CBOR: encoding it again gives other bytes');
  }
  return value;
}

/** Every link in `value`, whatever its kind, in the order of the encoding; repeats are kept. */
export function linksIn(value: Value): CID[] {
  const found: CID[] = [];
  const pending: Value[] = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (next === null || next === undefined || typeof next !== 'object' || next instanceof Uint8Array)
      continue;
    if (next instanceof CID) found.push(next);
    else pending.push(...(Array.isArray(next) ? next : Object.values(next)).toReversed());
  }
  return found;
}

function assertSize(bytes: Uint8Array, limit: number): void {
  if (bytes.length <= limit) return;
  throw new DvsError('E_LIMIT', `a node of ${bytes.length} bytes is larger than the limit of ${limit}`);
}

function assertHoldable(value: unknown, depth = 0): asserts value is Value {
  if (value === null || typeof value === 'boolean' || value instanceof Uint8Array) return;
  if (typeof value === 'object' && depth >= LIMITS.nodeDepth - 1) {
    throw new DvsError('E_LIMIT', `a node is nested deeper than ${LIMITS.nodeDepth - 1}`);
  }
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw unholdable(`the number ${value}`);
  } else if (typeof value === 'string') {
    if (!value.isWellFormed()) throw unholdable('text with a lone surrogate');
  } else if (Array.isArray(value)) {
    for (const item of value) assertHoldable(item, depth + 1);
  } else if (typeof value === 'object') {
    const cid = CID.asCID(value);
    if (cid !== null) {
      assertOurs(cid);
      return;
    }
    for (const [key, item] of Object.entries(value)) {
      if (!key.isWellFormed()) throw unholdable('a key with a lone surrogate');
      if (key === '__proto__') throw unholdable('the key __proto__, which code may mistake for a prototype');
      assertHoldable(item, depth + 1);
    }
  } else {
    throw unholdable(`a ${typeof value}`);
  }
}

function unholdable(what: string): DvsError {
  return new DvsError('E_ENCODING', `an entity cannot hold ${what}`, {
    hint: 'Numbers other than integers within ±(2⁵³−1) are written as text.',
  });
}

/** True for a decoded map (not a list, link or byte string). */
export function isMap(value: Value | undefined): value is ValueMap {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array) &&
    !(value instanceof CID)
  );
}

/** Rethrows E_ENCODING and the like with the ID they happened in. */
export function inNode<T>(id: CID, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isDvsError(error)) throw error;
    throw new DvsError(error.code, `${id.toString()}: ${error.message}`, {
      cause: error,
      about: [id.toString()],
    });
  }
}
