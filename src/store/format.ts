import type { Backend } from '../backend/interface.js';
import { equalBytes, fromUtf8, utf8 } from '../base/bytes.js';
import { DvsError } from '../base/errors.js';

const KEY = 'format';
const VERSION = 1;
/** No format has a longer line, whatever its number. */
const MOST_BYTES = 100;
const TEXT = `dvs store, format ${VERSION}\n`;

/** Marks an empty place as a store of this format; false when it is one already. */
export async function writeFormat(backend: Backend): Promise<boolean> {
  return backend.create(KEY, utf8(TEXT));
}

/** E_NO_STORE when there is no store, E_FORMAT when it is of another format, E_DAMAGED when it cannot be told. */
export async function checkFormat(backend: Backend): Promise<void> {
  const bytes = await backend.read(KEY, { offset: 0, length: MOST_BYTES });
  if (bytes === undefined) {
    throw new DvsError('E_NO_STORE', 'there is no dvs store here', { hint: 'Run `dvs init` to make one.' });
  }
  if (equalBytes(bytes, utf8(TEXT))) return;
  const version = /^dvs store, format (\d{1,9})\n$/.exec(fromUtf8(bytes) ?? '')?.[1];
  if (version !== undefined && Number(version) > VERSION) {
    throw new DvsError('E_FORMAT', `this store has format ${version}; this dvs reads format ${VERSION}`, {
      hint: 'Update dvs. Nothing was changed.',
    });
  }
  throw new DvsError('E_DAMAGED', 'the file `format` of this store is damaged', {
    about: [KEY],
    hint: `If this is a store of format ${VERSION}, the file holds exactly the line: ${TEXT.trim()}`,
  });
}
