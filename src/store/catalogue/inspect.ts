import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ioError, systemCode } from '../../base/errors.js';
import { MiB } from '../../base/limits.js';
import { isIntactLog, isIntactManifest, isIntactTable } from './files.js';

/**
 * Bytes of tables looked at before one opening, the newest first: a large catalogue is not read in full before
 * every question. What is damaged beyond can still make LevelDB end the process.
 */
const MOST_BYTES = MiB;

/** What has data of the catalogue in it, and checksums. */
const CHECKED = /^MANIFEST-|\.(?:ldb|log)$/;

/** Looks at the files of a database before LevelDB does, each once as long as it stays what it is. */
export class Inspection {
  readonly #intact = new Set<string>();

  /** What tells the first damaged file in `folder` from all others; undefined when none is found. */
  findDamage(folder: string): string | undefined {
    let room = MOST_BYTES;
    for (const { path, name, size, key, isFile } of filesIn(folder)) {
      if (!isFile) return key; // LevelDB would wait for a pipe
      if (!CHECKED.test(name)) continue;
      const isTable = name.endsWith('.ldb');
      if (this.#intact.has(key) || (isTable && size > room)) continue;
      if (isTable) room -= size;
      const bytes = orGone(path, () => readFileSync(path));
      if (bytes === undefined) continue;
      if (!isIntact(name, bytes)) return key;
      this.#intact.add(key);
    }
    return undefined;
  }

  /** Takes the files as they are for intact: this process has just written them. */
  trust(folder: string): void {
    for (const { key } of filesIn(folder)) this.#intact.add(key);
  }
}

function isIntact(name: string, bytes: Uint8Array): boolean {
  if (name.endsWith('.ldb')) return isIntactTable(bytes);
  return name.endsWith('.log') ? isIntactLog(bytes) : isIntactManifest(bytes);
}

interface FoundFile {
  readonly name: string;
  readonly path: string;
  readonly size: number;
  readonly isFile: boolean;
  /** Another one whenever the file is written. */
  readonly key: string;
}

/** What lies there, the newest tables first. */
function filesIn(folder: string): FoundFile[] {
  const names = orGone(folder, () => readdirSync(folder)) ?? [];
  const found: FoundFile[] = [];
  for (const name of names.sort().reverse()) {
    const path = join(folder, name);
    const stats = orGone(path, () => statSync(path, { bigint: true }));
    if (stats === undefined) continue;
    const key = `${path} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}`;
    found.push({ name, path, size: Number(stats.size), isFile: stats.isFile(), key });
  }
  return found;
}

/** Undefined when there is nothing (any more): whoever has the database open removes files. */
function orGone<T>(path: string, look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return undefined;
    throw ioError(error, 'reading', path);
  }
}
