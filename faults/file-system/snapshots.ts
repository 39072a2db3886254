import fs from 'node:fs';
import { join } from 'node:path';

// Before they are replaced: what is done here is no part of what is watched.
const { readdirSync, lstatSync, mkdirSync, openSync, readSync, writeSync, closeSync } = fs;

/** Copies of a folder that changes without our seeing it, one for each time that it was found changed. */
export class Snapshots {
  readonly #folder: string;
  readonly #into: string;
  #last = '';
  #count = 0;

  constructor(folder: string, into: string) {
    this.#folder = folder;
    this.#into = into;
  }

  /** The name of a new copy; undefined when the folder is as it was, or does not exist. */
  take(): string | undefined {
    const files = [...this.#list('')];
    const look = files.map(({ path, size, mtimeMs }) => `${path} ${size} ${mtimeMs}`).join('\n');
    if (look === this.#last) return undefined;
    this.#last = look;
    const name = `${process.pid}-${this.#count++}`;
    mkdirSync(join(this.#into, name));
    for (const { path } of files) this.#copy(path, name);
    return name;
  }

  *#list(relative: string): Generator<{ path: string; size: number; mtimeMs: number }> {
    for (const name of tryTo(() => readdirSync(join(this.#folder, relative))) ?? []) {
      const path = join(relative, name);
      const stats = tryTo(() => lstatSync(join(this.#folder, path)));
      if (stats?.isDirectory()) yield* this.#list(path);
      else if (stats !== undefined) yield { path, size: stats.size, mtimeMs: stats.mtimeMs };
    }
  }

  #copy(path: string, name: string): void {
    const from = tryTo(() => openSync(join(this.#folder, path), 'r'));
    if (from === undefined) return;
    const to = openSync(join(this.#into, name, path.replaceAll('/', '%')), 'w');
    const piece = Buffer.alloc(64 * 1024);
    for (let read = 1; read > 0; ) {
      read = readSync(from, piece, 0, piece.length, null);
      writeSync(to, piece, 0, read);
    }
    closeSync(from);
    closeSync(to);
  }
}

/** LevelDB removes files while they are looked at: those are then as good as never there. */
function tryTo<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
