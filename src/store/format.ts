import type { Backend } from '../backend/interface.js';
import { equalBytes, fromUtf8, utf8 } from '../base/bytes.js';
import { DvsError, isDvsError } from '../base/errors.js';

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
    throw new DvsError('E_NO_STORE', 'there is no dvs store here', {
      hint: 'Run `dvs init` to make one, or `dvs init --store <folder>` to use one that is elsewhere.',
    });
  }
  if (equalBytes(bytes, utf8(TEXT))) return settle(backend);
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

/** An `init` that was killed may have left a store that a power cut would take with all that is added to it. */
async function settle(backend: Backend): Promise<void> {
  if ((await backend.isUnsettled?.(KEY)) !== true) return;
  try {
    await backend.settle?.(KEY);
  } catch (error) {
    if (!isDvsError(error, 'E_ACCESS')) throw error; // nothing can be added to such a store either
  }
}
