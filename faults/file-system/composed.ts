import fs from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Calls that do several things, made of the simple ones: so each of their parts is recorded and can go wrong by
 * itself, as in the kernel. Takes the place of node's own, which go past what we replaced.
 */
export const COMPOSED: Readonly<Record<string, (...args: unknown[]) => unknown>> = {
  mkdir: (path, options) => makeFolders(String(path), isSet(options, 'recursive')),
  rm: (path, options) => removeTree(String(path), isSet(options, 'force'), isSet(options, 'recursive')),
  writeFile: (path, data, options) => writeWhole(String(path), bytesOf(data), flagOf(options) ?? 'w'),
  appendFile: (path, data) => writeWhole(String(path), bytesOf(data), 'a'),
  copyFile: (from, to) => writeWhole(String(to), fs.readFileSync(String(from)), 'w'),
};

/** The bytes of a text or a buffer. */
export function bytesOf(data: unknown): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  throw new Error('only texts and bytes are written here');
}

/** Taken before `mkdir` itself is replaced; `interpose` gives it back its faults. */
let makeOne: (path: string) => unknown = fs.mkdirSync;

/** Says what makes a single folder. */
export function makeFoldersWith(make: (path: string) => unknown): void {
  makeOne = make;
}

function makeFolders(path: string, isRecursive: boolean): string | undefined {
  try {
    makeOne(path);
    return path;
  } catch (error) {
    const code = error instanceof Error ? Reflect.get(error, 'code') : undefined;
    if (!isRecursive) throw error;
    if (code === 'EEXIST' && fs.statSync(path).isDirectory()) return undefined;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    const first = makeFolders(dirname(path), true);
    return makeFolders(path, true) === undefined ? first : (first ?? path);
  }
}

function removeTree(path: string, force: boolean, recursive: boolean): void {
  const stats = fs.lstatSync(path, { throwIfNoEntry: !force });
  if (stats === undefined) return;
  if (!stats.isDirectory() || !recursive) {
    fs.unlinkSync(path);
    return;
  }
  for (const name of fs.readdirSync(path)) removeTree(join(path, name), force, recursive);
  fs.rmdirSync(path);
}

function writeWhole(path: string, bytes: Buffer, flag: string): void {
  const file = fs.openSync(path, flag);
  try {
    for (let at = 0; at < bytes.length; ) at += fs.writeSync(file, bytes, at, bytes.length - at);
  } finally {
    fs.closeSync(file);
  }
}

function isSet(options: unknown, name: string): boolean {
  return typeof options === 'object' && options !== null && Reflect.get(options, name) === true;
}

function flagOf(options: unknown): string | undefined {
  const flag: unknown =
    typeof options === 'object' && options !== null ? Reflect.get(options, 'flag') : undefined;
  return typeof flag === 'string' ? flag : undefined;
}
