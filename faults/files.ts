import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { list } from '../src/flows/list.js';
import { read } from '../src/flows/read.js';
import type { Repository } from '../src/flows/repository.js';

/** What files there are: path → SHA-256 of the bytes, by path. */
export type Files = ReadonlyMap<string, string>;

/** The files beneath a folder, read byte for byte; none when it is missing. */
export function filesIn(folder: string): Files {
  const found = new Map<string, string>();
  if (!existsSync(folder)) return found;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    const digest = createHash('sha256').update(readFileSync(path)).digest('hex');
    found.set(path.slice(folder.length + 1), digest);
  }
  return sorted(found);
}

/** The files of a dataset, read byte for byte out of the store. */
export async function filesOf(repo: Repository, reference: string): Promise<Files> {
  const found = new Map<string, string>();
  for await (const { path } of list(repo, reference)) {
    const hash = createHash('sha256');
    for await (const bytes of read(repo, `${reference}/${path}`)) hash.update(bytes);
    found.set(path, hash.digest('hex'));
  }
  return sorted(found);
}

/** The paths at which two differ. */
export function differences(a: Files, b: Files): string[] {
  const paths = new Set([...a.keys(), ...b.keys()]);
  return [...paths].filter((path) => a.get(path) !== b.get(path));
}

/** Runs `work` in a new folder, which is removed whatever happens. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'dvs-faults-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

export function makeFolders(...paths: readonly string[]): void {
  for (const path of paths) mkdirSync(path, { recursive: true });
}

function sorted(files: ReadonlyMap<string, string>): Files {
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}
