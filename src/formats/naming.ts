import { badData } from './bad-data.js';
import { Unreadable } from './unreadable.js';

/** What `act` gives; where it finds something unreadable, E_DATA that names the file, and the place in it. */
export async function naming<T>(
  path: string,
  place: (() => string | undefined) | undefined,
  act: () => T | Promise<T>,
): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw named(path, place?.(), error);
  }
}

/** The error that names the file, for something unreadable; any other error as it is. */
export function named(path: string, place: string | undefined, error: unknown): unknown {
  if (!(error instanceof Unreadable)) return error;
  const { message, cause, hint } = error;
  return badData(path, message, { cause, ...(place && { place }), ...(hint && { hint }) });
}
