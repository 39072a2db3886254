import { asBuffer, fromUtf8, utf8 } from '../base/bytes.js';
import { MiB } from '../base/limits.js';
import type { Bytes } from './byte-reader.js';
import { byteText } from './byte-text.js';
import { type NpyType, parseNpyType, parseShape, product } from './npy-type.js';
import { parsePythonDict } from './python-literal.js';
import { Unreadable } from './unreadable.js';

/** What the head of a `.npy` file says. */
export interface NpyHead {
  readonly version: 1 | 2 | 3;
  /** In bytes, of all that stands before the values. */
  readonly length: number;
  readonly type: NpyType;
  readonly isFortran: boolean;
  readonly shape: readonly number[];
  /** The type as it was written. */
  readonly descr: string;
}

const MAGIC = Buffer.from('\x93NUMPY', 'latin1');
const MAX_HEADER = MiB;
/** numpy pads heads so that the values begin at a multiple of this. */
const ALIGNMENT = 64;

/**
 * Reads the head of a `.npy` file (NEP 1, versions 1.0, 2.0 and 3.0). Throws `Unreadable` for what is none, for Python
 * objects, and for sizes beyond 2⁵³.
 */
export async function readNpyHead(bytes: Bytes): Promise<NpyHead> {
  const start = asBuffer(await bytes.range(0, 12));
  if (!start.subarray(0, 6).equals(MAGIC))
    throw new Unreadable('it is no .npy file: it does not begin as one');
  if (start.length < 10) throw new Unreadable('its header breaks off');
  const version = start[6];
  if ((version !== 1 && version !== 2 && version !== 3) || start[7] !== 0) {
    throw new Unreadable(`its version ${start[6]}.${start[7]} is not one that is read here`);
  }
  if (version !== 1 && start.length < 12) throw new Unreadable('its header breaks off');
  const textAt = version === 1 ? 10 : 12;
  const length = version === 1 ? start.readUInt16LE(8) : start.readUInt32LE(8);
  if (length > MAX_HEADER)
    throw new Unreadable(`its header claims ${length} bytes, more than any honest one`);
  const header = await bytes.range(textAt, length);
  if (header.length < length) throw new Unreadable('its header breaks off');
  const text = version === 3 ? fromUtf8(header) : byteText(header);
  if (text === undefined) throw new Unreadable('its header is not UTF-8');
  return { version, length: textAt + length, ...parseHeader(text) };
}

function parseHeader(text: string): Omit<NpyHead, 'version' | 'length'> {
  const entries = parsePythonDict(text);
  const descr = entries.get('descr');
  const isFortran = entries.get('fortran_order')?.value;
  const shape = entries.get('shape')?.value;
  if (
    entries.size !== 3 ||
    descr === undefined ||
    typeof isFortran !== 'boolean' ||
    typeof shape !== 'object' ||
    !shape.isTuple
  ) {
    throw new Unreadable('its header does not say exactly descr, fortran_order and shape');
  }
  const type = parseNpyType(descr.value);
  const lengths = parseShape(shape);
  product([...lengths, type.size]);
  return { type, isFortran, shape: lengths, descr: descr.source };
}

/** The head of a file with the same type and version, as numpy writes it, and another shape. */
export function npyHead(
  { version, descr, isFortran }: Pick<NpyHead, 'version' | 'descr' | 'isFortran'>,
  shape: readonly number[],
): Uint8Array {
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const order = isFortran ? 'True' : 'False';
  const dict = `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': (${axes}), }`;
  const text = version === 3 ? utf8(dict) : Buffer.from(dict, 'latin1');
  const start = version === 1 ? 10 : 12;
  const room = (version === 1 ? 0xffff : MAX_HEADER) - text.length - 1;
  const padding = Math.min(room, ALIGNMENT - 1 - ((start + text.length) % ALIGNMENT));
  const head = Buffer.alloc(start, MAGIC);
  head[6] = version;
  head[7] = 0;
  const length = text.length + padding + 1;
  if (version === 1) head.writeUInt16LE(length, 8);
  else head.writeUInt32LE(length, 8);
  return Buffer.concat([head, text, Buffer.from(`${' '.repeat(padding)}\n`)]);
}
