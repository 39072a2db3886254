import { rm } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { replaceFile, syncFolder } from '../backend/durable.js';
import { sizeOf } from '../backend/files.js';
import { fromHex, hex, utf8 } from '../base/bytes.js';
import { DvsError, ioError } from '../base/errors.js';
import { parseJson } from '../base/json.js';
import { DIGEST_LENGTH } from '../id/hash.js';
import { LOG_START, type LogPosition } from '../store/log/log.js';
import { ownInode } from './own-inode.js';
import { readSmallText } from './small-file.js';
import { isTable } from './toml.js';

/** Where the store of a workspace lies when that is not `.dvs`. */
export interface StoreNote {
  /** Absolute path of the store's folder. */
  readonly path: string;
  /** How far its log went when this workspace last saw it: by this it is recognised. */
  readonly head: LogPosition;
}

const VERSION = 1;

/**
 * Reads `.dvs/store`; undefined when there is none. E_DAMAGED when it makes no sense, E_UNSAFE when it was not
 * written for this very folder: a repository or an archive may bring a `.dvs`, and a stranger must not choose
 * which store on this machine is used.
 */
export async function readStoreNote(ownDir: string): Promise<StoreNote | undefined> {
  const path = pathOf(ownDir);
  const text = await readSmallText(path);
  if (text === undefined) return undefined;
  const found = parseNote(text);
  if (found === undefined) {
    throw new DvsError('E_DAMAGED', `${path} does not say where the store is`, {
      about: [path],
      hint: 'Say it again: `dvs init --store <folder>`.',
    });
  }
  if (found.folder !== ownInode(ownDir)) {
    throw new DvsError('E_UNSAFE', `${path} was not written for this folder: it came with a copy`, {
      about: [path, found.note.path],
      hint: 'If you made that copy, say again where the store is: `dvs init --store <folder>`.',
    });
  }
  return found.note;
}

/** True when `.dvs` says, rightly or not, that the store is elsewhere. */
export async function hasStoreNote(ownDir: string): Promise<boolean> {
  return (await sizeOf(pathOf(ownDir))) !== undefined;
}

/** Remembers where the store is, durably. */
export async function writeStoreNote(ownDir: string, { path, head }: StoreNote): Promise<void> {
  const log = { seq: head.seq, hash: head.hash === null ? null : hex(head.hash) };
  const text = JSON.stringify({ version: VERSION, path, folder: ownInode(ownDir), log });
  await replaceFile(pathOf(ownDir), utf8(`${text}\n`), join(ownDir, 'tmp'));
  await syncFolder(ownDir);
}

/** From now on the store is in `.dvs`. */
export async function forgetStoreNote(ownDir: string): Promise<void> {
  try {
    await rm(pathOf(ownDir), { force: true });
  } catch (error) {
    throw ioError(error, 'removing', pathOf(ownDir));
  }
}

function pathOf(ownDir: string): string {
  return join(ownDir, 'store');
}

function parseNote(text: string): { note: StoreNote; folder: string } | undefined {
  const found = parseJson(text);
  if (!isTable(found)) return undefined;
  const { version, path, folder, log } = found;
  if (version !== VERSION || typeof path !== 'string' || typeof folder !== 'string') return undefined;
  if (!isAbsolute(path) || path.includes('\0')) return undefined;
  const head = isTable(log) ? asPosition(log) : undefined;
  return head && { note: { path, head }, folder };
}

function asPosition({ seq, hash }: Readonly<Record<string, unknown>>): LogPosition | undefined {
  if (seq === 0 && hash === null) return LOG_START;
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 1) return undefined;
  const digest = typeof hash === 'string' ? fromHex(hash) : undefined;
  return digest?.length === DIGEST_LENGTH ? { seq, hash: digest } : undefined;
}
