import { basename, dirname } from 'node:path';
import type { Entry } from '../file-system/journal.js';

/** Number of a file, folder or link, whatever names it has. */
export type Inode = number;

interface When {
  /** Index in the journal of what made it. */
  readonly made: number;
  /** Index in the journal of what made it durable. */
  durable: number;
}

/** Something that a crash may or may not leave. */
export type Change = When &
  (
    | { readonly what: 'bytes'; readonly inode: Inode; readonly at: number; readonly bytes: Buffer }
    | { readonly what: 'length'; readonly inode: Inode; readonly length: number }
    /** A name in a folder leads to `inode` from here on; undefined: to nothing. */
    | { readonly what: 'names'; readonly folder: Inode; readonly names: readonly Named[] }
  );

export interface Named {
  readonly name: string;
  readonly inode: Inode | undefined;
}

export type Node =
  | { readonly type: 'file' }
  | { readonly type: 'folder' }
  | { readonly type: 'link'; target: string };

export const ROOT: Inode = 0;
const NEVER = Number.POSITIVE_INFINITY;

/**
 * What a journal did to a disk, as POSIX tells it: bytes last from the fsync of their file on, names from that of
 * their folder on. A rename within a folder is one change, one between folders is two.
 */
export class Changes {
  readonly all: Change[] = [];
  readonly nodes: Node[] = [{ type: 'folder' }];
  /** Files that ever had a name outside of `.dvs`. */
  readonly placed = new Set<Inode>();
  readonly #root: string;
  /** What every folder holds while nothing crashes. */
  readonly #folders = new Map<Inode, Map<string, Inode>>([[ROOT, new Map()]]);
  readonly #open = new Map<string, { inode: Inode; position: number; append: boolean }>();
  readonly #sizes = new Map<Inode, number>();
  /** What an fsync that has begun will make durable. */
  readonly #syncing = new Map<string, Change[]>();
  /** What is not durable yet, by what has to be synced. */
  readonly #pending = new Map<Inode, Set<Change>>();

  constructor(root: string, journal: readonly Entry[]) {
    this.#root = root;
    for (const [index, entry] of journal.entries()) this.#take(index, entry);
  }

  #take(made: number, entry: Entry): void {
    switch (entry.op) {
      case 'open': {
        if (entry.created) this.#bind(made, entry.path, this.#make({ type: 'file' }));
        const inode = this.#find(entry.path);
        if (inode === undefined) return;
        if (entry.truncated) this.#resize(made, inode, 0);
        this.#open.set(`${entry.pid} ${entry.fd}`, { inode, position: 0, append: entry.append });
        return;
      }
      case 'write': {
        const file = this.#open.get(`${entry.pid} ${entry.fd}`);
        if (file === undefined) return;
        const size = this.#sizes.get(file.inode) ?? 0;
        const at = file.append ? size : (entry.at ?? file.position);
        if (entry.at === null) file.position = at + entry.length;
        this.#sizes.set(file.inode, Math.max(size, at + entry.length));
        const bytes = Buffer.from(entry.data, 'base64');
        this.#add({ what: 'bytes', inode: file.inode, at, bytes, made, durable: NEVER }, file.inode);
        return;
      }
      case 'truncate': {
        const file = this.#open.get(`${entry.pid} ${entry.fd}`);
        if (file !== undefined) this.#resize(made, file.inode, entry.length);
        return;
      }
      case 'syncing': {
        const file = this.#open.get(`${entry.pid} ${entry.fd}`);
        if (file === undefined) return;
        this.#syncing.set(`${entry.pid} ${entry.fd}`, [...(this.#pending.get(file.inode) ?? [])]);
        return;
      }
      case 'synced': {
        const file = this.#open.get(`${entry.pid} ${entry.fd}`);
        for (const change of this.#syncing.get(`${entry.pid} ${entry.fd}`) ?? []) {
          change.durable = Math.min(change.durable, made);
          if (file !== undefined) this.#pending.get(file.inode)?.delete(change);
        }
        return;
      }
      case 'link':
        this.#bind(made, entry.to, this.#find(entry.from));
        return;
      case 'rename':
        this.#rename(made, entry.from, entry.to);
        return;
      case 'unlink':
      case 'rmdir':
        this.#bind(made, entry.path, undefined);
        return;
      case 'mkdir':
        this.#bind(made, entry.path, this.#make({ type: 'folder' }));
        return;
      case 'symlink':
        this.#bind(made, entry.path, this.#make({ type: 'link', target: entry.target }));
        return;
      case 'put':
        this.#put(made, entry.path, entry.data);
        return;
    }
  }

  #make(node: Node): Inode {
    const inode = this.nodes.push(node) - 1;
    if (node.type === 'folder') this.#folders.set(inode, new Map());
    return inode;
  }

  #bind(made: number, path: string, inode: Inode | undefined): void {
    this.#name(made, dirname(path), [{ name: basename(path), inode }]);
  }

  #rename(made: number, from: string, to: string): void {
    const inode = this.#find(from);
    const gone = { name: basename(from), inode: undefined };
    const there = { name: basename(to), inode };
    if (dirname(from) === dirname(to)) this.#name(made, dirname(to), [gone, there]);
    else {
      this.#name(made, dirname(to), [there]);
      this.#name(made, dirname(from), [gone]);
    }
  }

  #name(made: number, path: string, names: readonly Named[]): void {
    const folder = this.#find(path);
    const entries = folder === undefined ? undefined : this.#folders.get(folder);
    if (folder === undefined || entries === undefined) return; // above the root, or beside it
    const isPlace = !`${path}/`.startsWith(`${this.#root}/.dvs/`);
    for (const { name, inode } of names) {
      if (isPlace && inode !== undefined) this.placed.add(inode);
      if (inode === undefined) entries.delete(name);
      else entries.set(name, inode);
    }
    this.#add({ what: 'names', folder, names, made, durable: NEVER }, folder);
  }

  /** Puts a file where it lasts, with the folders above it. */
  #put(made: number, path: string, data: string | null): void {
    const first = this.all.length;
    const above: string[] = [];
    for (let folder = dirname(path); folder !== this.#root; folder = dirname(folder)) above.unshift(folder);
    for (const folder of above) {
      if (this.#find(folder) === undefined) this.#bind(made, folder, this.#make({ type: 'folder' }));
    }
    if (data === null) this.#bind(made, path, undefined);
    else {
      const inode = this.#make({ type: 'file' });
      this.#bind(made, path, inode);
      const bytes = Buffer.from(data, 'base64');
      this.#add({ what: 'bytes', inode, at: 0, bytes, made, durable: NEVER }, inode);
    }
    for (const change of this.all.slice(first)) change.durable = made;
  }

  #resize(made: number, inode: Inode, length: number): void {
    this.#sizes.set(inode, length);
    this.#add({ what: 'length', inode, length, made, durable: NEVER }, inode);
  }

  #add(change: Change, syncedWith: Inode): void {
    this.all.push(change);
    const pending = this.#pending.get(syncedWith) ?? new Set();
    this.#pending.set(syncedWith, pending.add(change));
  }

  #find(path: string): Inode | undefined {
    if (path === this.#root) return ROOT;
    if (!path.startsWith(`${this.#root}/`)) return undefined;
    const above = this.#find(dirname(path));
    return above === undefined ? undefined : this.#folders.get(above)?.get(basename(path));
  }
}
