import { Unreadable } from './unreadable.js';

/** Honest footers nest a handful of levels, and have some twenty values for each column of a row group. */
const MAX_DEPTH = 32;
const MAX_VALUES = 1_000_000;

const STOP = 0;
const TRUE = 1;
const FALSE = 2;
const BYTE = 3;
const DOUBLE = 7;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

/** What is still to be passed at one level: fields up to a stop, or so many elements of one type. */
interface Level {
  readonly type: number | undefined;
  left: number;
}

/**
 * Walks over a struct in Thrift's compact protocol without keeping any of it, and throws `Unreadable` unless it is whole,
 * nested no deeper and holding no more values than an honest one. A reader that trusts the lengths it finds in there
 * can then be let loose on it. Returns how many bytes it takes; `what` names it in errors.
 */
export function assertSaneThrift(bytes: Uint8Array, what = 'its footer'): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const levels: Level[] = [{ type: undefined, left: 1 }];
  let at = 0;
  let values = 0;
  const byte = (): number => {
    if (at >= bytes.length) throw new Unreadable(`${what} breaks off`);
    return view.getUint8(at++);
  };
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; scale < 2 ** 70; scale *= 128) {
      const part = byte();
      value += (part & 127) * scale;
      if (part < 128) return value;
    }
    throw new Unreadable(`${what} holds an endless number`);
  };
  const skip = (length: number): void => {
    if (length > bytes.length - at) throw new Unreadable(`${what} claims more than there is`);
    at += length;
  };
  const enter = (level: Level): void => {
    if (levels.length >= MAX_DEPTH) throw new Unreadable(`${what} is nested too deep`);
    levels.push(level);
  };
  /** `isElement`: in a list a truth value takes a byte, in a struct none. */
  const pass = (type: number, isElement: boolean): void => {
    if (++values > MAX_VALUES) throw new Unreadable(`${what} holds too many values`);
    if (type === TRUE || type === FALSE) skip(isElement ? 1 : 0);
    else if (type === BYTE) skip(1);
    else if (type > BYTE && type < DOUBLE) varint();
    else if (type === DOUBLE) skip(8);
    else if (type === BINARY) skip(varint());
    else if (type === LIST) {
      const head = byte();
      const left = head >> 4 === 15 ? varint() : head >> 4;
      if (left > bytes.length - at) throw new Unreadable(`${what} claims more than there is`);
      enter({ type: head & 15, left });
    } else if (type === STRUCT) enter({ type: undefined, left: 1 });
    else throw new Unreadable(`${what} holds a value of unknown type`);
  };
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    if (level.left === 0) levels.pop();
    else if (level.type !== undefined) {
      level.left--;
      pass(level.type, true);
    } else {
      const head = byte();
      if ((head & 15) === STOP) level.left = 0;
      else {
        if (head >> 4 === 0) varint(); // the number of the field
        pass(head & 15, false);
      }
    }
  }
  return at;
}
