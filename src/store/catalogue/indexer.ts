import { parseEntity } from '../../entities/kinds.js';
import { digestOf } from '../../id/cid.js';
import type { Digest } from '../../id/hash.js';
import type { StoredLogEntry } from '../log/entry.js';
import { LOG_START, type LogPosition } from '../log/log.js';
import { EntryKind, type Footer, PackType } from '../pack/layout.js';
import {
  decodeHead,
  decodeNameValue,
  decodeNumber,
  encodeHead,
  encodeNameValue,
  encodeNumber,
  encodePlace,
  Key,
  type NameValue,
} from './records.js';
import type { Put, Session, WriteSession } from './session.js';

const EMPTY = new Uint8Array(0);

/** Where the catalogue's knowledge of the log ends. */
export async function indexedHead(session: Session): Promise<LogPosition> {
  const head = await session.get(Key.head);
  return head === undefined ? LOG_START : decodeHead(head);
}

/** What a lost pack has in it. */
const LOST: Footer = { type: PackType.data, frames: [], entries: [], recipes: [] };

/**
 * Adds every object of a pack, under a number that stands for its name; a lost one keeps its number, so that
 * those of others stay the same. Adding it again changes nothing.
 */
export async function indexPack(
  session: WriteSession,
  name: Digest,
  found: Footer | undefined,
): Promise<void> {
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
  await session.putMany(about);
  await session.putMany(placesIn(footer, pack));
}

function* placesIn({ frames, entries, recipes }: Footer, pack: number): Generator<Put> {
  for (const entry of entries) {
    const frame = frames[entry.frame];
    if (frame !== undefined)
      yield { key: Key.object(entry.kind, entry.id), value: encodePlace(pack, frame, entry) };
  }
  for (const { content, recipe } of recipes) {
    yield { key: Key.object(EntryKind.content, content), value: recipe };
  }
}

/** Adds what a commit says of names and published entities, and moves the head. */
export async function indexEntry(
  session: WriteSession,
  entry: StoredLogEntry,
  readNode: (id: Digest) => Promise<Uint8Array | undefined>,
): Promise<void> {
  const puts: Put[] = [];
  const latest = new Map<string, number>();
  for (const { name, tag, to } of entry.names) {
    if (tag !== undefined) {
      const value = to === null ? undefined : encodeNameValue({ version: 0, id: to, seq: entry.seq });
      puts.push({ key: Key.tag(name, tag), value });
      continue;
    }
    if (to === null) continue; // a name keeps its past values, so there is nothing to take away
    const version = (latest.get(name) ?? (await latestVersion(session, name))) + 1;
    latest.set(name, version);
    const value: NameValue = { version, id: to, seq: entry.seq };
    puts.push(
      { key: Key.name(name), value: encodeNameValue(value) },
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
  puts.push({ key: Key.head, value: encodeHead(entry) });
  await session.putMany(puts);
}

async function latestVersion(session: Session, name: string): Promise<number> {
  const value = await session.get(Key.name(name));
  return value === undefined ? 0 : decodeNameValue(value).version;
}
