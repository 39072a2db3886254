import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ioError, isDvsError } from '../../base/errors.js';
import { makePath } from '../../base/make-path.js';
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
import { linkLarge, writeLarge } from './large.js';
import type { Linking } from './linking.js';
import { type Expected, moveIntoPlace } from './place.js';
import type { FileTarget, Written } from './tasks.js';

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

/** What became of files that were to come from the cache. */
export interface Linked {
  /** Files that are links of the cache's now. */
  files: number;
  /** Bytes that came into the cache for that. */
  cached: number;
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
  /** How to bring files from the cache; without it all are written from the store. */
  readonly linking?: Linking | undefined;
}

type FileToRestore = Target & { readonly entry: FileEntry };

const GROUP_FILES = 256;
const GROUPS = 12;
const STAGING_FOLDERS = 64;

/** Writes files: each under a temporary name, renamed when its hash is right. Close it after use. */
export class Restore {
  readonly #options: RestoreOptions;
  readonly #folders: Folders;
  readonly linked: Linked = { files: 0, cached: 0 };
  #engine: CheckoutEngine | undefined;
  #staged = 0;
  #files = 0;
  #bytes = 0;

  constructor(options: RestoreOptions) {
    this.#options = options;
    this.#folders = new Folders(options.root);
  }

  /** Says, before the first of them is touched, that files are about to change. */
  announce(): void {
    this.#report();
  }

  /** Writes `targets`, which come in byte order, and yields them in the same order. */
  async *run(targets: Iterable<Target>): AsyncGenerator<Restored> {
    const under: Promise<Restored[]>[] = [];
    try {
      for (const group of grouped(targets)) {
        const restored = this.#group(group).catch((error) => this.#explain(error));
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
    const files = targets.filter((target): target is FileToRestore => target.entry.type === 'file');
    for (const { path } of targets) this.#folders.prepare(path);
    const [first] = files;
    let written: readonly Written[] = [];
    if (first !== undefined && first.entry.size > SLOT_DATA) written = [await this.#large(first)];
    else if (files.length > 0) written = await this.#small(files);
    for (const { isLinked, cached } of written) {
      if (isLinked) this.linked.files++;
      this.linked.cached += cached;
    }
    const byPath = new Map(files.map(({ path }, i) => [path, written[i]?.stat]));
    for (const { path, entry, expected } of targets)
      if (entry.type === 'link') this.#link(path, entry.target, expected);
    this.#files += targets.length;
    this.#report();
    return targets.map((target) => ({ ...target, stat: byPath.get(target.path) }));
  }

  async #small(files: readonly FileToRestore[]): Promise<Written[]> {
    const { linking, mtime } = this.#options;
    const targets = files.map((file) => this.#target(file));
    const { pool } = this.#start();
    const linked = linking && (await pool.run('link', { files: targets, mtime, linking }));
    const rest = targets.filter((_, i) => linked?.[i] === undefined);
    const written = rest.length === 0 ? [] : await this.#unpack(rest);
    for (const { size } of targets) this.#bytes += size;
    let next = 0;
    return targets.flatMap((_, i) => linked?.[i] ?? written[next++] ?? []);
  }

  async #unpack(files: readonly FileTarget[]): Promise<Written[]> {
    const engine = this.#start();
    const { objects } = this.#options.store;
    const wholes = await objects.wholes(files.map(({ digest }) => digest));
    const pieces: ContentPiece[][] = [];
    for (const [i, { digest, size }] of files.entries()) {
      const whole = wholes[i];
      if (whole !== undefined) pieces.push([{ at: 0, object: whole }]);
      else pieces.push(await objects.allPieces(digest, size));
    }
    const sources = await engine.sources(pieces.flat());
    let next = 0;
    const targets = files.map((file, i) => {
      const count = pieces[i]?.length ?? 0;
      const mine = sources.slice(next, next + count);
      next += count;
      const found = mine.reduce((sum, { length }) => sum + length, 0);
      if (found !== file.size) throw wrongSize(file.path, file.size, found);
      return { ...file, pieces: mine };
    });
    const { mtime } = this.#options;
    const linking = this.#caching();
    return engine.pool.run('write', { files: targets, mtime, linking });
  }

  async #large(file: FileToRestore): Promise<Written> {
    const { mtime } = this.#options;
    const target = this.#target(file);
    const onBytes = (bytes: number): void => {
      this.#bytes += bytes;
      this.#report();
    };
    const engine = this.#start();
    const linking = this.#caching();
    const linked = linking && (await linkLarge(engine, target, mtime, linking, onBytes));
    return linked ?? writeLarge(engine, target, mtime, onBytes);
  }

  /** What it takes to put more into the cache; undefined when a checkout of reflinks alone would fill it. */
  #caching(): Linking | undefined {
    const { linking } = this.#options;
    return linking?.how === 'reflink' && this.linked.cached >= linking.limit ? undefined : linking;
  }

  #target({ path, entry, expected }: FileToRestore): FileTarget {
    const digest = digestOf(entry.id);
    return { staged: this.#stage(), path: this.#absolute(path), digest, size: entry.size, expected };
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

  /** A thread that finds no pack cannot tell whether the whole store has gone. */
  async #explain(error: unknown): Promise<never> {
    if (isDvsError(error, 'E_MISSING')) await this.#options.store.assertHere();
    throw error;
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
    if (this.#staged < STAGING_FOLDERS) makePath(folder);
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
