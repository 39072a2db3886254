import { asBuffer, fromUtf8 } from '../base/bytes.js';
import { KiB } from '../base/limits.js';
import { textFlaw } from '../entities/path.js';
import type { ReadAhead } from './read-ahead.js';
import { parsePax, parseTarHead, paxNumber, TAR_BLOCK, upToNul } from './tar-head.js';
import { Unreadable } from './unreadable.js';

/** A file in a tar. */
export interface TarMember {
  readonly name: string;
  /** Where its first header begins: what says a long name comes before its own. */
  readonly at: number;
  readonly dataAt: number;
  readonly size: number;
  /** Where the next one begins. */
  readonly end: number;
}

/** Long names and the like. */
const MAX_EXTENSION = 64 * KiB;
/** What GNU, Solaris and old ones call a file. */
const FILES = new Set(['0', '\0', '7']);
const KINDS: ReadonlyMap<string, string> = new Map([
  ['1', 'a hard link'],
  ['2', 'a symbolic link'],
  ['3', 'a device'],
  ['4', 'a device'],
  ['6', 'a pipe'],
  ['S', 'a sparse file'],
]);

/** What the entries before a member say about it. */
interface Said {
  at?: number;
  name?: Uint8Array;
  size?: number;
}

/**
 * The files of a tar (POSIX ustar and pax, GNU) whose headers begin at `start` and before `limit`, up to the block of zeros that
 * ends it; folders, and what is said for all members, are passed by. Reads headers only. Returns where it ended. Throws
 * `Unreadable` for links and devices, wrong checksums, members that break off, and names that no path can be.
 */
export async function* tarMembers(
  source: ReadAhead,
  start: number,
  limit: number,
): AsyncGenerator<TarMember, number, undefined> {
  let said: Said = {};
  let at = start;
  while (at < limit) {
    const head = parseTarHead(await source.read(at, TAR_BLOCK));
    if (head === undefined) break;
    const dataAt = at + TAR_BLOCK;
    const isExtension = 'xgLK'.includes(head.type);
    const name = isExtension ? '' : nameOf(said.name ?? head.name);
    // What is written as the size of a folder is room that it asks for; nothing follows.
    const isFolder = head.type === '5' || (head.type === '\0' && name.endsWith('/'));
    const size = isExtension ? head.size : isFolder ? 0 : (said.size ?? head.size);
    const end = dataAt + Math.ceil(size / TAR_BLOCK) * TAR_BLOCK;
    if (end > limit) throw new Unreadable(`${size} bytes should follow, but it breaks off before`);
    if (isExtension) {
      said.at ??= at;
      if (size > MAX_EXTENSION)
        throw new Unreadable(`an extended header claims ${size} bytes, more than any honest one`);
      if (head.type !== 'g') extend(said, head.type, await source.read(dataAt, size));
    } else {
      if (FILES.has(head.type) && !isFolder) yield { name, at: said.at ?? at, dataAt, size, end };
      else if (!isFolder)
        throw new Unreadable(`${name} is ${KINDS.get(head.type) ?? 'of a kind'} that no sample can have`);
      said = {};
    }
    at = end;
  }
  if (said.at !== undefined) throw new Unreadable('an extended header stands before no member');
  return at;
}

function extend(said: Said, type: string, bytes: Uint8Array): void {
  if (type === 'L') said.name = Buffer.from(upToNul(asBuffer(bytes)));
  if (type !== 'x') return;
  const records = parsePax(bytes);
  const path = records.get('path');
  const size = records.get('size');
  if ([...records.keys()].some((key) => key.startsWith('GNU.sparse.'))) {
    throw new Unreadable('a member is a sparse file that no sample can have');
  }
  if (path !== undefined) said.name = path;
  if (size !== undefined) said.size = paxNumber(size);
}

function nameOf(bytes: Uint8Array): string {
  const name = fromUtf8(bytes);
  if (name === undefined) throw new Unreadable('the name of a member is not UTF-8');
  const flaw = name === '' ? 'it is empty' : textFlaw(name);
  if (flaw !== undefined) throw new Unreadable(`the name of a member is none: ${flaw}`);
  return name;
}
