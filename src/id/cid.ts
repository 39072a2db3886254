import { CID } from 'multiformats/cid';
import { Digest as Multihash } from 'multiformats/hashes/digest';
import { DvsError } from '../base/errors.js';
import { DIGEST_LENGTH, type Digest, sha256 } from './hash.js';

/** An ID: `toString()` gives its text, `equals()` compares. */
export { CID };

/** Multicodec numbers: `raw` for contents, `dag-cbor` for entities and nodes. No others are IDs here. */
export const RAW = 0x55;
export const DAG_CBOR = 0x71;
const SHA2_256 = 0x12;

export type Codec = typeof RAW | typeof DAG_CBOR;

/** Text of a CIDv1 with sha2-256: multibase letter, then 36 bytes in base32. */
export const ID_TEXT_LENGTH = 59;
/** `bafkrei` / `bafyrei`: what every content / entity ID begins with. */
export const ID_PREFIX_LENGTH = 7;

/** Version and codec before the multihash; its code and length before the digest. All are varints of one byte. */
const MULTIHASH_AT = 2;
const DIGEST_AT = 4;
const ID_LENGTH = DIGEST_AT + DIGEST_LENGTH;

/**
 * IDs of contents share larger buffers: every view on an array buffer of its own costs an allocation outside of the
 * heap, which is most of what a million IDs cost. Those of nodes, of which there is one in a hundred, are kept longer
 * and do not keep the others.
 */
const IDS_PER_BUFFER = 128;
let shared = new ArrayBuffer(0);
let taken = 0;

/** The ID with this codec and SHA-256 digest, whose bytes are copied. */
export function cidOf(codec: Codec, digest: Digest): CID {
  if (digest.length !== DIGEST_LENGTH) throw new DvsError('E_INTERNAL', 'an ID was given another digest');
  const { buffer, at } = codec === RAW ? roomAmongOthers() : { buffer: new ArrayBuffer(ID_LENGTH), at: 0 };
  const bytes = new Uint8Array(buffer, at, ID_LENGTH);
  const multihash = new Uint8Array(buffer, at + MULTIHASH_AT, ID_LENGTH - MULTIHASH_AT);
  const hash = new Uint8Array(buffer, at + DIGEST_AT, DIGEST_LENGTH);
  bytes[0] = 1;
  bytes[1] = codec;
  multihash[0] = SHA2_256;
  multihash[1] = DIGEST_LENGTH;
  hash.set(digest);
  return new CID(1, codec, new Multihash(SHA2_256, DIGEST_LENGTH, hash, multihash), bytes);
}

function roomAmongOthers(): { buffer: ArrayBuffer; at: number } {
  if (taken + ID_LENGTH > shared.byteLength) {
    shared = new ArrayBuffer(IDS_PER_BUFFER * ID_LENGTH);
    taken = 0;
  }
  const at = taken;
  taken += ID_LENGTH;
  return { buffer: shared, at };
}

/** The CID that `bytes`, which are copied, stand for; whether it is one of ours is for the caller to ask. */
export function decodeCid(bytes: Uint8Array): CID {
  const [version, codec, code, length] = bytes;
  const isOurs = version === 1 && code === SHA2_256 && length === DIGEST_LENGTH && bytes.length === ID_LENGTH;
  if (isOurs && (codec === RAW || codec === DAG_CBOR)) return cidOf(codec, bytes.subarray(DIGEST_AT));
  return CID.decode(new Uint8Array(bytes));
}

/** The ID of the content `bytes`. */
export function contentId(bytes: Uint8Array): CID {
  return cidOf(RAW, sha256(bytes));
}

/** The ID of the canonical node `bytes`. */
export function nodeId(bytes: Uint8Array): CID {
  return cidOf(DAG_CBOR, sha256(bytes));
}

/** Refuses (E_CID) every CID but v1 with raw or dag-cbor and sha2-256. */
export function assertOurs(cid: CID): CID {
  const { version, code, multihash } = cid;
  const fits = version === 1 && (code === RAW || code === DAG_CBOR);
  if (!fits || multihash.code !== SHA2_256 || multihash.size !== 32 || multihash.digest.length !== 32) {
    throw new DvsError('E_CID', `not an ID of dvs: ${String(cid)}`, {
      hint: 'IDs here are CIDv1 with codec raw or dag-cbor and SHA-256.',
    });
  }
  return cid;
}

/** Reads the text of an ID; E_CID unless it is one of ours in its one canonical spelling. */
export function parseId(text: string): CID {
  let cid: CID;
  try {
    cid = CID.parse(text);
  } catch (cause) {
    throw new DvsError('E_CID', `not an ID: ${text.slice(0, 80)}`, { cause });
  }
  assertOurs(cid);
  if (cid.toString() !== text) {
    throw new DvsError('E_CID', `not the canonical spelling of an ID: ${text.slice(0, 80)}`, {
      hint: `Write it as ${cid.toString()}.`,
    });
  }
  return cid;
}

/** True for text that has the shape of a full ID (which `parseId` may still refuse). */
export function looksLikeId(text: string): boolean {
  return text.length === ID_TEXT_LENGTH && /^baf[ky]rei[a-z2-7]+$/.test(text);
}

export function isContentId(cid: CID): boolean {
  return cid.code === RAW;
}

export function digestOf(cid: CID): Digest {
  return cid.multihash.digest;
}

/** Refuses (E_CID_MISMATCH) bytes whose SHA-256 is not the one in `cid`. */
export function assertMatches(cid: CID, bytes: Uint8Array): void {
  if (Buffer.compare(sha256(bytes), digestOf(cid)) !== 0) {
    throw new DvsError('E_CID_MISMATCH', `these bytes are not ${cid.toString()}`, {
      about: [cid.toString()],
      hint: 'Run `dvs verify --all` to list what is damaged.',
    });
  }
}
