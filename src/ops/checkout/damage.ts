import { hex } from '../../base/bytes.js';
import { DvsError } from '../../base/errors.js';

/** The bytes put together for `path` are not the content they should be; nothing was written there. */
export function wrongHash(path: string, digest: Uint8Array): DvsError {
  return new DvsError(
    'E_DAMAGED',
    `${path}: what the store holds for ${hex(digest).slice(0, 12)}… has another hash`,
    {
      about: [path],
      hint: 'Run `dvs verify --all` to list what is damaged. The file was not written.',
    },
  );
}

/** The dataset and the store disagree on how long the content for `path` is; nothing was written there. */
export function wrongSize(path: string, expected: number, found: number): DvsError {
  return new DvsError(
    'E_DAMAGED',
    `${path}: the store holds ${found} bytes where the dataset says ${expected}`,
    {
      about: [path],
      hint: 'Run `dvs verify --all` to list what is damaged.',
    },
  );
}
