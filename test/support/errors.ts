import { DvsError } from '#src/base/errors.js';

/** The DvsError that `act` fails with. Anything else, success included, is thrown. */
export async function failure(act: () => unknown): Promise<DvsError> {
  try {
    await act();
  } catch (error) {
    if (error instanceof DvsError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

/** The code that `act` fails with. */
export async function codeOf(act: () => unknown): Promise<string> {
  return (await failure(act)).code;
}
