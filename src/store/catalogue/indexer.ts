import { hex } from '../../base/bytes.js';
import { parseEntity } from '../../entities/kinds.js';
import { digestOf } from '../../id/cid.js';
import type { Digest } from '../../id/hash.js';
import type { StoredLogEntry } from '../log/entry.js';
import { LOG_START } from '../log/log.js';
import { EntryKind, type Footer, PackType } from '../pack/layout.js';
import { CatalogueDamage } from './damage.js';
import {
  after,
  decodeHead,
  decodeNameValue,
  decodeNumber,
  encodeHead,
  encodeNameValue,
  encodeNumber,
  encodePlace,
  type Head,
  Key,
  type NameValue,
  recordSum,
} from './records.js';
import type { Put, Session } from './session.js';

const EMPTY = new Uint8Array(0);

/** Objects that are written at once. */
const SHARE = 4096;

/** Where the catalogue's knowledge of the log ends. */
export async function indexedHead(session: Session): Promise<Head> {
  const head = await session.get(Key.head);
  return head === undefined ? { ...LOG_START, names: 0 } : decodeHead(head);
}

/**
 * Refuses (CatalogueDamage) names and tags that are not those of `head`: LevelDB may lose a record without a
 * word, and then answers with the one before.
 */
export async function assertNames(session: Session, head: Head): Promise<void> {
  let sum = 0;
  for (const prefix of Key.moving) {
    for await (const { key, value } of session.range(prefix, after(prefix))) sum += recordSum(key, value);
  }
  if (sum % 2 ** 32 !== head.names) throw new CatalogueDamage('it lost a name or tag');
}

/** What a lost pack has in it. */
const LOST: Footer = { type: PackType.data, frames: [], entries: [], recipes: [] };

/**
 * Adds every object of a pack, under a number that stands for its name; a lost one keeps its number, so that
 * those of others stay the same. Adding it again changes nothing.
 */
export async function indexPack(session: Session, name: Digest, found: Footer | undefined): Promise<void> {
  const footer = found ?? LOST;
  const known = await session.get(Key.packNumber(name));
  const count = await session.get(Key.packCount);
  const total = count === undefined ? 0 : decodeNumber(count);
  const pack = known === undefined ? total : decodeNumber(known);
  const about: Put[] = [
    { key: Key.pack(pack), value: name },
    { key: Key.packNumber(name), value: encodeNumber(pack) },
  ];
  if (known === undefined) about.push({ key: Key.packCount, value: encodeNumber(total + 1) });
  if (found === undefined) about.push({ key: Key.lostPack(name), value: EMPTY });
  // First, so that whatever follows refers to a pack that is known, also when it is never completed.
  await session.putMany(about);
  await putInShares(session, placesIn(footer, pack));
}

function* placesIn({ frames, entries, recipes }: Footer, pack: number): Generator<Put> {
  for (const { kind, id, frame, offset, length } of entries) {
    const around = frames[frame];
    if (around === undefined) continue;
    const { offset: frameOffset, ...rest } = around;
    const value = encodePlace({ ...rest, kind, pack, frameOffset, offset, length });
    yield { key: Key.object(kind, id), value };
  }
  for (const { content, recipe } of recipes) {
    yield { key: Key.object(EntryKind.content, content), value: recipe };
  }
}

async function putInShares(session: Session, puts: Iterable<Put>): Promise<void> {
  let share: Put[] = [];
  for (const put of puts) {
    if (share.push(put) < SHARE) continue;
    await session.putMany(share);
    share = [];
  }
  await session.putMany(share);
}

/** Adds what a commit says of names and published entities, and moves the head: all of it or nothing. */
export async function indexEntry(
  session: Session,
  entry: StoredLogEntry,
  readNode: (id: Digest) => Promise<Uint8Array | undefined>,
): Promise<void> {
  const puts: Put[] = [];
  const moved = new Map<string, Put>();
  const move = (put: Put): unknown => moved.set(hex(put.key), put);
  const latest = new Map<string, number>();
  for (const { name, tag, to } of entry.names) {
    if (tag !== undefined) {
      const value = to === null ? undefined : encodeNameValue({ version: 0, id: to, seq: entry.seq });
      move({ key: Key.tag(name, tag), value });
      continue;
    }
    if (to === null) continue; // a name keeps its past values, so there is nothing to take away
    const version = (latest.get(name) ?? (await latestVersion(session, name))) + 1;
    latest.set(name, version);
    const value: NameValue = { version, id: to, seq: entry.seq };
    move({ key: Key.name(name), value: encodeNameValue(value) });
    puts.push(
      { key: Key.version(name, version), value: encodeNameValue(value) },
      { key: Key.naming(digestOf(to), name, version), value: EMPTY },
    );
  }
  for (const id of entry.publishes) {
    const from = digestOf(id);
    const node = await readNode(from);
    const links = node === undefined ? [] : parseEntity(node).links;
    for (const link of links)
      puts.push({ key: Key.edge(digestOf(link.id), from), value: Buffer.from(link.role) });
  }
  let { names } = await indexedHead(session);
  for (const { key, value } of moved.values()) {
    names = (names - recordSum(key, await session.get(key)) + recordSum(key, value)) >>> 0;
  }
  puts.push(...moved.values(), { key: Key.head, value: encodeHead({ ...entry, names }) });
  await session.putMany(puts);
}

async function latestVersion(session: Session, name: string): Promise<number> {
  const value = await session.get(Key.name(name));
  return value === undefined ? 0 : decodeNameValue(value).version;
}
