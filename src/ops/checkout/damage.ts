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
