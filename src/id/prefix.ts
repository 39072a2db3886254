import { type Codec, DAG_CBOR, ID_PREFIX_LENGTH, ID_TEXT_LENGTH, RAW } from './cid.js';
import { DIGEST_LENGTH, type Digest } from './hash.js';

/** All IDs of one codec that begin with some text: their digests lie between two bounds, both included. */
export interface IdPrefix {
  readonly codec: Codec;
  readonly from: Digest;
  readonly to: Digest;
}

/** Fewer characters than this are no reference to an ID. */
export const MIN_PREFIX_LENGTH = 6;

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const PREFIXES: readonly { codec: Codec; text: string }[] = [
  { codec: RAW, text: 'bafkrei' },
  { codec: DAG_CBOR, text: 'bafyrei' },
];
/** Multibase letter aside, the text is base32 of 36 bytes: 4 that are constant, then the digest. */
const CID_BITS = 288;
const DIGEST_BITS = 256n;

/**
 * What the beginning of an ID may stand for, given with or without the constant first 7 characters. Empty for
 * text that no ID begins with.
 */
export function idPrefixes(text: string): IdPrefix[] {
  if (text.length < MIN_PREFIX_LENGTH || text.length > ID_TEXT_LENGTH) return [];
  const full = PREFIXES.filter((prefix) => text.startsWith(prefix.text) || prefix.text.startsWith(text));
  const candidates = full.length > 0 ? full.map(({ codec }) => ({ codec, text })) : withoutConstant(text);
  return candidates.flatMap((candidate) => bounds(candidate.codec, candidate.text) ?? []);
}

function withoutConstant(text: string): { codec: Codec; text: string }[] {
  if (text.length > ID_TEXT_LENGTH - ID_PREFIX_LENGTH) return [];
  return PREFIXES.map((prefix) => ({ codec: prefix.codec, text: prefix.text + text }));
}

function bounds(codec: Codec, text: string): IdPrefix | undefined {
  let bits = 0n;
  for (const letter of text.slice(1)) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) return undefined;
    bits = (bits << 5n) | BigInt(value);
  }
  const missing = BigInt(CID_BITS - 5 * (text.length - 1));
  const low = missing >= 0n ? bits << missing : bits >> -missing;
  const high = missing >= 0n ? ((bits + 1n) << missing) - 1n : low;
  const first = max(low, BigInt(header(codec)) << DIGEST_BITS);
  const last = min(high, ((BigInt(header(codec)) + 1n) << DIGEST_BITS) - 1n);
  if (first > last) return undefined;
  return { codec, from: digest(first), to: digest(last) };
}

/** The first four bytes of every such CID: version 1, codec, sha2-256, 32 bytes. */
function header(codec: Codec): number {
  return 0x01 * 2 ** 24 + codec * 2 ** 16 + 0x1220;
}

function digest(bits: bigint): Digest {
  const low = BigInt.asUintN(256, bits);
  return Buffer.from(low.toString(16).padStart(DIGEST_LENGTH * 2, '0'), 'hex');
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
