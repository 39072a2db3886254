import { asBuffer } from '../base/bytes.js';
import type { Bytes } from './byte-reader.js';
import { product } from './npy-type.js';
import type { Scalar, ScalarKind } from './scalar.js';
import { Unreadable } from './unreadable.js';

/** What the head of an idx file says. */
export interface IdxHead {
  /** In bytes, of all that stands before the values. */
  readonly length: number;
  readonly code: number;
  readonly scalar: Scalar;
  readonly shape: readonly number[];
}

const TYPES: ReadonlyMap<number, readonly [ScalarKind, number]> = new Map([
  [0x08, ['uint', 1]],
  [0x09, ['int', 1]],
  [0x0b, ['int', 2]],
  [0x0c, ['int', 4]],
  [0x0d, ['float', 4]],
  [0x0e, ['float', 8]],
]);

/**
 * Reads the head of an idx file, the format of MNIST: two zeros, a type, the number of axes, the length of each; all numbers
 * big-endian. Throws `Unreadable` for what is none, and for sizes beyond 2⁵³.
 */
export async function readIdxHead(bytes: Bytes): Promise<IdxHead> {
  const magic = await bytes.range(0, 4);
  const [first, second, code = 0, axes = 0] = magic;
  if (magic.length < 4) throw new Unreadable('its header breaks off');
  const type = TYPES.get(code);
  if (first !== 0 || second !== 0 || type === undefined) {
    throw new Unreadable(`it is no idx file: it begins with ${asBuffer(magic).toString('hex')}`);
  }
  if (axes === 0) throw new Unreadable('it has no axes, and so no samples');
  const lengths = asBuffer(await bytes.range(4, 4 * axes));
  if (lengths.length < 4 * axes) throw new Unreadable('its header breaks off');
  const shape = Array.from({ length: axes }, (_, i) => lengths.readUInt32BE(4 * i));
  const [kind, size] = type;
  product([...shape, size]);
  return { length: 4 + 4 * axes, code, scalar: { kind, size, isLittle: false, name: kind }, shape };
}

/** The head of a file with the same type and another shape. */
export function idxHead({ code }: IdxHead, shape: readonly number[]): Uint8Array {
  const head = Buffer.alloc(4 + 4 * shape.length);
  head[2] = code;
  head[3] = shape.length;
  for (const [i, length] of shape.entries()) head.writeUInt32BE(length, 4 + 4 * i);
  return head;
}
