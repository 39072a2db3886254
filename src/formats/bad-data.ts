import { DvsError } from '../base/errors.js';

/**
 * E_DATA: a file of a dataset is not what its reader takes. `place` says where in it, such as `row 17`; rows count from 1,
 * as people do, a header not counted.
 */
export function badData(
  path: string,
  why: string,
  { place, hint, cause }: { readonly place?: string; readonly hint?: string; readonly cause?: unknown } = {},
): DvsError {
  const where = place === undefined ? path : `${path}, ${place}`;
  return new DvsError('E_DATA', `${where}: ${why}`, {
    about: [path],
    cause,
    hint: hint ?? 'Mend the file and add it again, or choose other files or another `--reader`.',
  });
}
