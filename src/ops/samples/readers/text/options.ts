import { DvsError } from '../../../../base/errors.js';
import type { ValueMap } from '../../../../id/value.js';

/** E_ENCODING for options of which a reader does not have exactly these keys. */
export function assertKeys(reader: string, options: ValueMap, keys: readonly string[]): void {
  const have = Object.keys(options);
  if (have.length !== keys.length || !keys.every((key) => have.includes(key))) {
    throw badOptions(reader, `they have to be ${keys.length === 0 ? 'none' : keys.join(' and ')}`);
  }
}

export function badOptions(reader: string, why: string): DvsError {
  return new DvsError('E_ENCODING', `options that the reader ${reader} does not have: ${why}`);
}
