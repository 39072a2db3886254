import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../random.js';
import { type Change, type Changes, type Inode, ROOT } from './changes.js';

/** What a crash leaves of that which was not synced. */
export const STYLES = [
  'all is kept', // the process ended, the machine went on
  'all is lost',
  'names without bytes',
  'names, and zeros for bytes',
  'bytes without names',
  'the last write torn',
  'some of each',
] as const;
export type Style = (typeof STYLES)[number];

export type Content = Buffer | { readonly link: string } | 'folder';

/** What is on a disk after a crash: paths relative to the root, folders before what is in them. */
export interface Image {
  readonly entries: ReadonlyMap<string, Content>;
  /** Files outside of `.dvs` that have a name and not all of their bytes. */
  readonly torn: readonly string[];
  readonly digest: string;
}

export interface Crash {
  /** So many entries of the journal had happened. */
  readonly point: number;
  readonly style: Style;
  /** As ext4 does it by default: the bytes of a file lie on disk before a rename outside of `.dvs` does. */
  readonly ordered: boolean;
}

/** What `changes` leave on disk when a crash comes at that point. */
export function imageAfter(changes: Changes, crash: Crash, random: Random): Image {
  const folders = new Map<Inode, Map<string, Inode>>();
  const bytes = new Map<Inode, Buffer>();
  const broken = new Set<Inode>();
  for (const change of changes.all) {
    if (change.made > crash.point) break;
    const left = survival(changes, change, crash, random);
    if (change.what === 'names') {
      if (left === 'whole') rename(folders, change);
      continue;
    }
    if (left !== 'whole') broken.add(change.inode);
    if (left === 'nothing') continue;
    bytes.set(change.inode, apply(bytes.get(change.inode) ?? Buffer.alloc(0), change, left));
  }
  const entries = new Map<string, Content>();
  const torn: string[] = [];
  const visit = (folder: Inode, path: string): void => {
    for (const [name, inode] of [...(folders.get(folder) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const at = path === '' ? name : `${path}/${name}`;
      const node = changes.nodes[inode];
      if (node?.type === 'link') entries.set(at, { link: node.target });
      if (node?.type === 'file') entries.set(at, bytes.get(inode) ?? Buffer.alloc(0));
      if (node?.type === 'file' && broken.has(inode) && !at.startsWith('.dvs/') && !isTemporary(name)) {
        torn.push(at);
      }
      if (node?.type !== 'folder') continue;
      entries.set(at, 'folder');
      visit(inode, at);
    }
  };
  visit(ROOT, '');
  return { entries, torn, digest: digestOf(entries) };
}

/** Puts an image into an empty folder. */
export function writeImage({ entries }: Image, root: string): void {
  for (const [path, content] of entries) {
    const absolute = join(root, path);
    if (content === 'folder') mkdirSync(absolute);
    else if ('link' in content) symlinkSync(content.link, absolute);
    else writeFileSync(absolute, content);
  }
}

type Left = 'whole' | 'nothing' | 'zeros' | { readonly first: number; readonly thenZeros: boolean };

function survival(changes: Changes, change: Change, crash: Crash, random: Random): Left {
  const { point, style, ordered } = crash;
  if (change.durable < point) return 'whole';
  const isUnderWay = change.made === point;
  if (isUnderWay && style !== 'the last write torn') return 'nothing';
  if (change.what !== 'names' && ordered && changes.placed.has(change.inode) && !isUnderWay) return 'whole';
  switch (style) {
    case 'all is kept':
      return 'whole';
    case 'all is lost':
      return 'nothing';
    case 'names without bytes':
      return change.what === 'names' ? 'whole' : 'nothing';
    case 'names, and zeros for bytes':
      return change.what === 'names' ? 'whole' : 'zeros';
    case 'bytes without names':
      return change.what === 'names' ? 'nothing' : 'whole';
    case 'the last write torn':
      if (change.what !== 'bytes') return isUnderWay ? 'nothing' : 'whole';
      return change.made >= point - 1 ? tornOf(change.bytes.length, random) : 'whole';
    case 'some of each':
      if (change.what === 'names' || random.oneIn(2)) return random.oneIn(2) ? 'whole' : 'nothing';
      return change.what === 'bytes' ? tornOf(change.bytes.length, random) : 'nothing';
  }
}

function tornOf(length: number, random: Random): Left {
  return { first: random.int(length + 1), thenZeros: random.oneIn(2) };
}

function rename(folders: Map<Inode, Map<string, Inode>>, change: Change & { what: 'names' }): void {
  const entries = folders.get(change.folder) ?? new Map<string, Inode>();
  folders.set(change.folder, entries);
  for (const { name, inode } of change.names) {
    if (inode === undefined) entries.delete(name);
    else entries.set(name, inode);
  }
}

function apply(before: Buffer, change: Change & { what: 'bytes' | 'length' }, left: Left): Buffer {
  const end = change.what === 'length' ? change.length : change.at + change.bytes.length;
  const size = change.what === 'length' ? end : Math.max(before.length, end);
  if (change.what === 'length') return Buffer.concat([before.subarray(0, size)], size);
  const isCut = typeof left === 'object' && !left.thenZeros;
  const first = typeof left === 'object' ? left.first : left === 'zeros' ? 0 : change.bytes.length;
  const after = Buffer.alloc(isCut ? Math.max(before.length, change.at + first) : size);
  before.copy(after);
  after.fill(0, change.at, Math.min(end, after.length));
  change.bytes.copy(after, change.at, 0, first);
  return after;
}

/** Written under a name that tells its owner, and renamed or swept later. */
function isTemporary(name: string): boolean {
  return /\.[0-9a-f]{8}-[0-9a-f-]{27}\./.test(name);
}

function digestOf(entries: ReadonlyMap<string, Content>): string {
  const hash = createHash('sha256');
  for (const [path, content] of entries) {
    hash.update(`${path}\0`);
    if (content === 'folder') hash.update(content);
    else if ('link' in content) hash.update(content.link);
    else hash.update(`${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}
