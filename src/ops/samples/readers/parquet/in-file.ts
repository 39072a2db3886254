import { badData } from '../../../../formats/bad-data.js';
import { Unreadable } from '../../../../formats/unreadable.js';

/** E_DATA for what is wrong with a file; `row` counts from 0, as places do. */
export function asBadData(error: unknown, path: string, row?: number): unknown {
  if (!(error instanceof Unreadable)) return error;
  return badData(path, error.message, {
    ...(row === undefined ? {} : { place: `row ${row + 1}` }),
    cause: error.cause ?? error,
  });
}

/** Does something with a file, and says which when it cannot be read. */
export async function inFile<T>(path: string, work: () => T | Promise<T>, row?: number): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asBadData(error, path, row);
  }
}
