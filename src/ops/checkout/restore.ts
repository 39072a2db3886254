import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ioError } from '../../base/errors.js';
import type { Progress } from '../../base/progress.js';
import type { DatasetEntry, FileEntry } from '../../entities/dataset.js';
import { digestOf } from '../../id/cid.js';
import type { ContentPiece } from '../../store/objects/reader.js';
import type { Store } from '../../store/store.js';
import { Slotfuls } from '../../workers/slotfuls.js';
import { SLOT_DATA } from '../../workers/slots.js';
import type { FileStat } from '../../workspace/file-stat.js';
import { wrongSize } from './damage.js';
import { CheckoutEngine } from './engine.js';
import { Folders } from './folders.js';
import { writeLarge } from './large.js';
import { type Expected, moveIntoPlace } from './place.js';

/** An entry of a dataset that is to be on disk. */
export interface Target {
  readonly path: string;
  readonly entry: DatasetEntry;
  /** What is at its place now. */
  readonly expected: Expected;
}

export interface Restored extends Target {
  /** What the file is now; undefined for a link. */
  readonly stat: FileStat | undefined;
}

export interface RestoreOptions {
  readonly store: Store;
  readonly workers: number;
  readonly progress: Progress;
  /** Absolute path of the folder that receives the files. */
  readonly root: string;
  /** A folder on the same file system where files are completed first. */
  readonly staging: string;
  /** How much `run` will be given. */
  readonly totals: { readonly items: number; readonly bytes: number };
  /** Modification time for what is written, in seconds since the epoch. */
  readonly mtime: number;
}

const GROUP_FILES = 256;
const GROUPS = 12;
const STAGING_FOLDERS = 64;

/** Writes files: each under a temporary name, renamed when its hash is right. Close it after use. */
export class Restore {
  readonly #options: RestoreOptions;
  readonly #folders: Folders;
  #engine: CheckoutEngine | undefined;
  #staged = 0;
  #files = 0;
  #bytes = 0;

  constructor(options: RestoreOptions) {
    this.#options = options;
    this.#folders = new Folders(options.root);
  }

  /** Writes `targets`, which come in byte order, and yields them in the same order. */
  async *run(targets: Iterable<Target>): AsyncGenerator<Restored> {
    const under: Promise<Restored[]>[] = [];
    try {
      for (const group of grouped(targets)) {
        const restored = this.#group(group);
        restored.catch(() => {}); // awaited in its turn; until then it must not count as unhandled
        under.push(restored);
        if (under.length >= GROUPS) yield* (await under.shift()) ?? [];
      }
      for (let next = under.shift(); next !== undefined; next = under.shift()) yield* await next;
    } finally {
      await Promise.allSettled(under);
    }
  }

  async close(): Promise<void> {
    await this.#engine?.close();
    this.#engine = undefined;
  }

  async #group(targets: readonly Target[]): Promise<Restored[]> {
    const files = targets.filter(
      (target): target is Target & { entry: FileEntry } => target.entry.type === 'file',
    );
    for (const { path } of targets) this.#folders.prepare(path);
    const [first] = files;
    let stats: FileStat[] = [];
    if (first !== undefined && first.entry.size > SLOT_DATA) stats = [await this.#large(first)];
    else if (files.length > 0) stats = await this.#small(files);
    const byPath = new Map(files.map(({ path }, i) => [path, stats[i]]));
    for (const { path, entry, expected } of targets)
      if (entry.type === 'link') this.#link(path, entry.target, expected);
    this.#files += targets.length;
    this.#report();
    return targets.map((target) => ({ ...target, stat: byPath.get(target.path) }));
  }

  async #small(files: readonly (Target & { entry: FileEntry })[]): Promise<FileStat[]> {
    const engine = this.#start();
    const { objects } = this.#options.store;
    const wholes = await objects.wholes(files.map(({ entry }) => digestOf(entry.id)));
    const pieces: ContentPiece[][] = [];
    for (const [i, { entry }] of files.entries()) {
      const whole = wholes[i];
      if (whole !== undefined) pieces.push([{ at: 0, object: whole }]);
      else pieces.push(await objects.allPieces(digestOf(entry.id), entry.size));
    }
    const sources = await engine.sources(pieces.flat());
    let next = 0;
    const targets = files.map(({ path, entry, expected }, i) => {
      const count = pieces[i]?.length ?? 0;
      const mine = sources.slice(next, next + count);
      next += count;
      const found = mine.reduce((sum, { length }) => sum + length, 0);
      if (found !== entry.size) throw wrongSize(path, entry.size, found);
      return {
        staged: this.#stage(),
        path: this.#absolute(path),
        digest: digestOf(entry.id),
        expected,
        pieces: mine,
      };
    });
    const stats = await engine.pool.run('write', { files: targets, mtime: this.#options.mtime });
    for (const { entry } of files) this.#bytes += entry.size;
    return stats;
  }

  #large({ path, entry, expected }: Target & { entry: FileEntry }): Promise<FileStat> {
    const target = {
      staged: this.#stage(),
      path: this.#absolute(path),
      digest: digestOf(entry.id),
      size: entry.size,
      expected,
      mtime: this.#options.mtime,
    };
    return writeLarge(this.#start(), target, (bytes) => {
      this.#bytes += bytes;
      this.#report();
    });
  }

  #link(path: string, target: string, expected: Expected): void {
    const absolute = this.#absolute(path);
    const staged = this.#stage();
    try {
      symlinkSync(target, staged);
      moveIntoPlace(staged, absolute, expected);
    } catch (error) {
      throw ioError(error, 'writing', absolute);
    }
  }

  #start(): CheckoutEngine {
    this.#engine ??= new CheckoutEngine(this.#options.store, this.#options.workers);
    return this.#engine;
  }

  #absolute(path: string): string {
    return join(this.#options.root, path);
  }

  #stage(): string {
    // Spread over folders, because the kernel lets only one thread at a time change a folder.
    const folder = join(this.#options.staging, String(this.#staged % STAGING_FOLDERS));
    if (this.#staged < STAGING_FOLDERS) mkdirSync(folder, { recursive: true });
    return join(folder, String(this.#staged++));
  }

  #report(): void {
    const { progress, totals } = this.#options;
    const { bytes: totalBytes, items: totalItems } = totals;
    progress({ phase: 'writing', bytes: this.#bytes, items: this.#files, totalBytes, totalItems });
  }
}

/** Cuts the targets into groups: one slot full of small files, or one large file, with the links between. */
function* grouped(targets: Iterable<Target>): Generator<Target[]> {
  const groups = new Slotfuls<Target>(GROUP_FILES);
  for (const target of targets) {
    yield* groups.add(target, target.entry.type === 'file' ? target.entry.size : 0);
  }
  yield* groups.end();
}
