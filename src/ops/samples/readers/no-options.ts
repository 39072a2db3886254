import { DvsError } from '../../../base/errors.js';
import type { ValueMap } from '../../../id/value.js';

/** Refuses the options of a reader that has none: E_ENCODING. */
export function checkNoOptions(reader: string, options: ValueMap): void {
  const [name] = Object.keys(options);
  if (name === undefined) return;
  throw new DvsError('E_ENCODING', `the reader ${reader} has no option ${JSON.stringify(name)}`, {
    hint: 'Read these samples with the version of dvs that wrote them.',
  });
}
