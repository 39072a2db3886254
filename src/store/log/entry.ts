import { equalBytes } from '../../base/bytes.js';
import { DvsError } from '../../base/errors.js';
import { LIMITS } from '../../base/limits.js';
import { isName } from '../../base/names.js';
import { CID } from '../../id/cid.js';
import { decode, encode, isMap, type Value, type ValueMap } from '../../id/codec.js';
import { DIGEST_LENGTH, type Digest, sha256 } from '../../id/hash.js';

/** A move of a name, or of one of its tags: absent sides are null. */
export interface NameChange {
  readonly name: string;
  readonly tag?: string;
  readonly from: CID | null;
  readonly to: CID | null;
}

/** One commit: what a slot of the log holds. `docs/format.md` has the bytes. */
export interface LogEntry {
  /** Number of its slot, from 1. */
  readonly seq: number;
  /** SHA-256 of the body of the entry before; null in slot 1. */
  readonly previous: Digest | null;
  /** 16 random bytes, the same for every slot that one commit tries. */
  readonly transaction: Uint8Array;
  /** RFC 3339, UTC. */
  readonly time: string;
  readonly by: string;
  readonly message?: string;
  readonly names: readonly NameChange[];
  /** Runs and other entities that no name points to, which this commit makes roots. */
  readonly publishes: readonly CID[];
  /** Names (32 bytes) of the packs it adds. */
  readonly packs: readonly Digest[];
}

/** An entry as stored, with the hash that the next one must name. */
export interface StoredLogEntry extends LogEntry {
  readonly hash: Digest;
}

/** The body in canonical DAG-CBOR, then its SHA-256: a torn or flipped slot shows by itself. */
export function encodeLogEntry(entry: LogEntry): { bytes: Uint8Array; hash: Digest } {
  const value = {
    dvs: 1,
    entry: 'commit',
    seq: entry.seq,
    previous: entry.previous,
    transaction: entry.transaction,
    time: entry.time,
    by: entry.by,
    ...(entry.message === undefined ? {} : { message: entry.message }),
    names: entry.names.map(({ name, tag, from, to }) => ({
      name,
      ...(tag === undefined ? {} : { tag }),
      from,
      to,
    })),
    publishes: [...entry.publishes],
    packs: [...entry.packs],
  };
  const body = encode(value, LIMITS.logEntryBytes);
  const hash = sha256(body);
  return { bytes: Buffer.concat([body, hash]), hash };
}

/** Reads the bytes of slot `seq`. E_DAMAGED when they are not intact, E_FORMAT when a newer dvs wrote them. */
export function decodeLogEntry(bytes: Uint8Array, seq: number): StoredLogEntry {
  const body = bytes.subarray(0, -DIGEST_LENGTH);
  const hash = sha256(body);
  if (bytes.length <= DIGEST_LENGTH || !equalBytes(hash, bytes.subarray(-DIGEST_LENGTH))) {
    throw damaged(seq, 'its checksum does not match');
  }
  const map = decode(body, LIMITS.logEntryBytes);
  if (!isMap(map)) throw damaged(seq, 'it is no map');
  if (map['dvs'] !== 1 || map['entry'] !== 'commit') {
    throw new DvsError('E_FORMAT', `log entry ${seq} was written by a newer dvs`, { hint: 'Update dvs.' });
  }
  if (map['seq'] !== seq) throw damaged(seq, 'it belongs to another slot');
  const field = new Fields(map, seq);
  const message = map['message'];
  return {
    seq,
    previous: map['previous'] === null ? null : field.bytes('previous', DIGEST_LENGTH),
    transaction: field.bytes('transaction', 16),
    time: field.text('time'),
    by: field.text('by'),
    ...(message === undefined ? {} : { message: field.text('message') }),
    names: field.list('names').map((item) => nameChange(item, seq)),
    publishes: field.list('publishes').map((item) => link(item, seq)),
    packs: field.list('packs').map((item) => bytesOf(item, DIGEST_LENGTH, seq)),
    hash,
  };
}

class Fields {
  constructor(
    readonly map: ValueMap,
    readonly seq: number,
  ) {}

  text(key: string): string {
    const value = this.map[key];
    if (typeof value !== 'string') throw damaged(this.seq, `${key} is no text`);
    return value;
  }

  list(key: string): Value[] {
    const value = this.map[key];
    if (!Array.isArray(value)) throw damaged(this.seq, `${key} is no list`);
    return value;
  }

  bytes(key: string, length: number): Uint8Array {
    return bytesOf(this.map[key], length, this.seq);
  }
}

function nameChange(value: Value, seq: number): NameChange {
  if (!isMap(value)) throw damaged(seq, 'a name change is no map');
  const field = new Fields(value, seq);
  const from = value['from'] === null ? null : link(value['from'], seq);
  const to = value['to'] === null ? null : link(value['to'], seq);
  const name = field.text('name');
  const tag = value['tag'] === undefined ? {} : { tag: field.text('tag') };
  if (!isName(name) || !isName(tag.tag ?? name)) throw damaged(seq, 'what it moves is no name');
  return { name, ...tag, from, to };
}

function link(value: Value | undefined, seq: number): CID {
  if (!(value instanceof CID)) throw damaged(seq, 'a link is no ID');
  return value;
}

function bytesOf(value: Value | undefined, length: number, seq: number): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length !== length) throw damaged(seq, `not ${length} bytes`);
  return value;
}

function damaged(seq: number, why: string): DvsError {
  return new DvsError('E_DAMAGED', `log entry ${seq} is damaged: ${why}`, {
    about: [logKey(seq)],
    hint: 'Restore that file from a copy of the store; dvs never changes one once written.',
  });
}

/** Entry `seq` is gone, and `last`, which came after it, is there. */
export function lostEntry(seq: number, last: number): DvsError {
  return new DvsError('E_DAMAGED', `the log has entry ${last} but not entry ${seq}`, {
    about: [logKey(seq)],
    hint: 'Restore that file from a copy of the store. Nothing was changed.',
  });
}

export const LOG_FOLDER = 'log';

/** Where slot `seq` is kept. */
export function logKey(seq: number): string {
  return `${LOG_FOLDER}/${String(seq).padStart(16, '0')}`;
}
