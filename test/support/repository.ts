import { mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ProgressEvent } from '#src/base/progress.js';
import { type AddedVersion, add } from '#src/flows/add.js';
import { Repository } from '#src/flows/repository.js';
import { verify } from '#src/flows/verify.js';
import { LOG_START } from '#src/store/log/log.js';
import type { CacheOptions } from '#src/workspace/cache/folder.js';
import { tempDir } from './tmp.js';

/** A file's bytes, a link's target, or undefined for a folder without anything in it. */
export type Files = { readonly [path: string]: string | Uint8Array | { readonly link: string } | undefined };

/** Files and links beneath `root`, made with the folders that they need. */
export function write(root: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    const absolute = join(root, path);
    mkdirSync(content === undefined ? absolute : dirname(absolute), { recursive: true });
    if (content === undefined) continue;
    if (typeof content === 'string' || content instanceof Uint8Array) writeFileSync(absolute, content);
    else symlinkSync(content.link, absolute);
  }
}

/** All that lies beneath `root`, as `write` takes it, texts as text; `.dvs` is passed by. */
export function read(root: string): Record<string, string | { link: string } | undefined> {
  const found: Record<string, string | { link: string } | undefined> = {};
  const pending = [''];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const entries = readdirSync(join(root, folder), { withFileTypes: true });
    if (entries.length === 0 && folder !== '') found[folder] = undefined;
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.name === '.dvs') continue;
      if (entry.isDirectory()) pending.push(path);
      else if (entry.isSymbolicLink()) found[path] = { link: readlinkSync(join(root, path)) };
      else found[path] = readFileSync(join(root, path), 'utf8');
    }
  }
  return found;
}

export interface Opened {
  readonly repo: Repository;
  /** Of the workspace. */
  readonly root: string;
  /** Every progress event so far. */
  readonly events: ProgressEvent[];
}

/** An empty workspace in a folder of its own, or in `at`; it has no cache unless it is given one. */
export async function openRepository(at?: string, cache?: CacheOptions): Promise<Opened> {
  const root = at ?? (await tempDir());
  const events: ProgressEvent[] = [];
  let seconds = 0;
  const repo = await Repository.init(root, {
    who: 'tester',
    clock: () => Date.UTC(2026, 0, 1) + 1000 * seconds++,
    workers: 2,
    cache,
    progress: (event) => events.push(event),
  });
  onTestFinished(() => repo.close());
  return { repo, root, events };
}

/** `dvs add` of one path. */
export async function addPath(repo: Repository, path: string, name?: string): Promise<AddedVersion> {
  const { versions } = await add(repo, { paths: [path], ...(name === undefined ? {} : { name }) });
  const [version] = versions;
  if (version === undefined || versions.length !== 1) throw new Error('one path gives one version');
  return version;
}

/** What `dvs verify --all` finds: nothing, in a store that is intact. */
export async function problems(repo: Repository): Promise<string[]> {
  const { damaged, missing } = await verify(repo);
  return [...damaged, ...missing].map(({ path, why }) => `${path}: ${why}`);
}

/** What the log says of names, oldest first: `name=ID` of each change. */
export async function nameChanges(repo: Repository): Promise<string[]> {
  const changes: string[] = [];
  for await (const { names } of repo.store.log.after(LOG_START)) {
    for (const { name, to } of names) changes.push(`${name}=${String(to)}`);
  }
  return changes;
}

/** What lies in the store's folder for unfinished things. */
export function leftovers(root: string): string[] {
  return readdirSync(join(root, '.dvs', 'tmp'));
}

/** Everything that `items` gives. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
