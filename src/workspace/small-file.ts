import { open } from 'node:fs/promises';
import { fromUtf8 } from '../base/bytes.js';
import { DvsError, ioError, systemCode } from '../base/errors.js';
import { LIMITS } from '../base/limits.js';
import { READ, READ_NO_LINK } from '../base/open-flags.js';

export interface SmallFileOptions {
  /** Whether the file may be a link, as only one may that no cloned repository brings. */
  readonly followLink?: boolean;
}

/**
 * The bytes of a file that a cloned repository brings, or undefined when there is none. E_SYMLINK, E_TYPE
 * unless it is a file in its own right; E_LIMIT beyond `LIMITS.settingsBytes`.
 */
export async function readSmallFile(
  path: string,
  { followLink = false }: SmallFileOptions = {},
): Promise<Uint8Array | undefined> {
  try {
    const handle = await open(path, followLink ? READ : READ_NO_LINK);
    try {
      const stats = await handle.stat();
      if (!stats.isFile())
        throw new DvsError('E_TYPE', `${path} is not a file`, {
          about: [path],
          hint: 'Move it away; a file belongs there, or nothing.',
        });
      if (stats.size > LIMITS.settingsBytes) {
        throw new DvsError('E_LIMIT', `${path} has more than ${LIMITS.settingsBytes} bytes`, {
          about: [path],
          hint: 'Nothing of dvs gets so large: look what it is, and move it away.',
        });
      }
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === 'ELOOP') {
      throw new DvsError('E_SYMLINK', `${path} is a symbolic link`, {
        about: [path],
        cause: error,
        hint: 'Replace it with the file that it points to.',
      });
    }
    throw ioError(error, 'reading', path);
  }
}

/** Like `readSmallFile`, for text: E_ENCODING unless it is UTF-8. */
export async function readSmallText(path: string, options?: SmallFileOptions): Promise<string | undefined> {
  const bytes = await readSmallFile(path, options);
  if (bytes === undefined) return undefined;
  const text = fromUtf8(bytes);
  if (text === undefined) {
    throw new DvsError('E_ENCODING', `${path} is not UTF-8 text`, {
      about: [path],
      hint: 'Save it as UTF-8, or remove it.',
    });
  }
  return text;
}
