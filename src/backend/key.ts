import { DvsError } from '../base/errors.js';
import type { ByteRange } from './interface.js';

/** Where backends may keep unfinished files: no key begins with it. */
export const TEMP_FOLDER = 'tmp';

const MAX_KEY_LENGTH = 200;
const SEGMENT = '[A-Za-z0-9_-][A-Za-z0-9._-]*';
const KEY = new RegExp(`^(?!${TEMP_FOLDER}/)${SEGMENT}(?:/${SEGMENT})*$`);

export function isKey(text: string): boolean {
  return text.length <= MAX_KEY_LENGTH && text !== TEMP_FOLDER && KEY.test(text);
}

/** Refuses (E_PATH) what no backend may hold as a key. */
export function checkKey(key: string): void {
  if (isKey(key)) return;
  throw new DvsError('E_PATH', `not a key of a store: ${JSON.stringify(key.slice(0, MAX_KEY_LENGTH))}`, {
    about: [key],
  });
}

/** Refuses (E_PATH) a prefix to list that is neither empty nor a key and a `/`. */
export function checkPrefix(prefix: string): void {
  if (prefix !== '') checkKey(prefix.endsWith('/') ? prefix.slice(0, -1) : '');
}

/** Cuts `range` down to what a file of `size` bytes has of it. */
export function clampRange(range: ByteRange | undefined, size: number): ByteRange {
  if (range === undefined) return { offset: 0, length: size };
  const { offset, length } = range;
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0) {
    throw new DvsError('E_INTERNAL', `not a range of bytes: ${length} from ${offset}`);
  }
  const start = Math.min(offset, size);
  return { offset: start, length: Math.min(length, size - start) };
}
