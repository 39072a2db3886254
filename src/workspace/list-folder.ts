import { type Dirent, lstatSync, readdirSync, statSync } from 'node:fs';
import { fromUtf8 } from '../base/bytes.js';
import { systemCode } from '../base/errors.js';

/**
 * A name as the file system has it: any bytes, one a character. Such strings take a quarter of the memory of
 * buffers (a million of them is an ordinary folder) and their order is byte order.
 */
export type RawName = string;

const ASCII = /^[\0-\x7f]*$/;

/**
 * The names in a folder, those of folders (with `follow` also of links to folders) with a `/` at the end: sorted,
 * they are in the byte order of the paths that begin with them. Throws errors of the system.
 */
export function listFolder(path: string, follow = false): RawName[] {
  return listTyped(path, follow).sort();
}

function listTyped(path: string, follow: boolean): RawName[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(path, { encoding: 'latin1', withFileTypes: true });
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    return listUntyped(path, follow);
  }
  return entries.map((entry) => {
    const isFolder =
      entry.isDirectory() || (follow && entry.isSymbolicLink() && leadsToFolder(path, entry.name));
    return isFolder ? `${entry.name}/` : entry.name;
  });
}

/**
 * Slower, for file systems that tell no types when listing: Node then looks up each name as decoded here, and
 * fails for one that is not ASCII.
 */
export function listUntyped(path: string, follow = false): RawName[] {
  return readdirSync(path, 'latin1').map((name) => {
    const stats = lstatSync(bytesOf(path, name), { throwIfNoEntry: false });
    const isFolder = stats?.isDirectory() || (follow && stats?.isSymbolicLink() && leadsToFolder(path, name));
    return isFolder === true ? `${name}/` : name;
  });
}

/** Whether a link leads to a folder. One that leads nowhere does not: whoever looks at it is told why. */
function leadsToFolder(folder: string, name: RawName): boolean {
  try {
    return statSync(bytesOf(folder, name)).isDirectory();
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return false;
  }
}

function bytesOf(folder: string, name: RawName): Buffer {
  return Buffer.concat([Buffer.from(`${folder}/`), rawBytes(name)]);
}

/** The text of a name, or undefined when it is not UTF-8. */
export function decodeName(name: RawName): string | undefined {
  return ASCII.test(name) ? name : fromUtf8(rawBytes(name));
}

/** A name that is not UTF-8, for people: `caf\xe9`. */
export function showName(name: RawName): string {
  return name.replace(/[^ -~]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function rawBytes(name: RawName): Buffer {
  return Buffer.from(name, 'latin1');
}
