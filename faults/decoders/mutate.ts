import type { Random } from '../random.js';

/** Bytes that mean something to one decoder or another: heads of long, huge and nested things, quotes, ends. */
const TELLING = Buffer.from('00017f80819b9fa1bbbfc1d82af5f6f7fbff0a0d2227092e5b5d7b7d3d2f3a7e', 'hex');
const NESTING = Buffer.from('818283a1c69f5b7b28', 'hex');
const DEEPEST = 4096;
const LONGEST_ARBITRARY = 600;

/** What a decoder may be given: bytes at random, or a valid sample with one to four things done to it. */
export function hostileBytes(random: Random, samples: readonly [Uint8Array, ...Uint8Array[]]): Buffer {
  if (random.oneIn(12)) return random.bytes(random.int(LONGEST_ARBITRARY));
  let bytes: Buffer = Buffer.from(random.pick(samples));
  for (let times = 1 + random.int(4); times > 0; times--) {
    bytes = random.pick(CHANGES)(bytes, random, samples);
  }
  return bytes;
}

type Change = (bytes: Buffer, random: Random, samples: readonly [Uint8Array, ...Uint8Array[]]) => Buffer;

const flip: Change = (bytes, random) => setByte(bytes, random, (byte) => byte ^ (1 << random.int(8)));
const tell: Change = (bytes, random) =>
  setByte(bytes, random, () => TELLING[random.int(TELLING.length)] ?? 0);
const step: Change = (bytes, random) => setByte(bytes, random, (byte) => byte + (random.oneIn(2) ? 1 : 255));
const truncate: Change = (bytes, random) => bytes.subarray(0, random.int(bytes.length + 1));
const extend: Change = (bytes, random) => Buffer.concat([bytes, random.bytes(1 + random.int(16))]);

const remove: Change = (bytes, random) => {
  const [from, to] = stretch(bytes, random);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
};

const repeat: Change = (bytes, random) => {
  const [from, to] = stretch(bytes, random);
  return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
};

const splice: Change = (bytes, random, samples) => {
  const other = Buffer.from(random.pick(samples));
  return Buffer.concat([
    bytes.subarray(0, random.int(bytes.length + 1)),
    other.subarray(random.int(other.length + 1)),
  ]);
};

/** A huge, negative or merely wrong count, in either byte order and any width. */
const recount: Change = (bytes, random) => {
  const number = Buffer.alloc(8, random.oneIn(3) ? 0xff : 0);
  number[random.oneIn(2) ? 0 : 7] = random.int(256);
  number[random.int(8)] = random.int(256);
  const width = 1 << random.int(4);
  const at = random.int(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), number.subarray(0, width), bytes.subarray(at + width)]);
};

const nest: Change = (bytes, random) => {
  const at = random.int(bytes.length + 1);
  const opening = NESTING[random.int(NESTING.length)] ?? 0;
  const depth = random.oneIn(8) ? random.int(DEEPEST) : random.int(64);
  return Buffer.concat([bytes.subarray(0, at), Buffer.alloc(depth, opening), bytes.subarray(at)]);
};

const CHANGES: readonly [Change, ...Change[]] = [
  flip,
  flip,
  tell,
  step,
  truncate,
  extend,
  remove,
  repeat,
  splice,
  recount,
  nest,
];

function setByte(bytes: Buffer, random: Random, change: (byte: number) => number): Buffer {
  const copy = Buffer.from(bytes);
  const at = random.int(bytes.length);
  if (at < copy.length) copy[at] = change(copy[at] ?? 0);
  return copy;
}

function stretch(bytes: Buffer, random: Random): [from: number, to: number] {
  const from = random.int(bytes.length + 1);
  return [from, Math.min(bytes.length, from + random.int(48))];
}
