import { fromHex, utf8 } from '../../../base/bytes.js';
import { sha256 } from '../../../id/hash.js';
import type { LeakCheck, LeakSample } from '../sample.js';

/** The same bytes; of rows without the columns that do not count, the same cells. */
export const content: LeakCheck = {
  name: 'content',
  what: 'the same content',
  applies: ({ ignored, hasCells }) => ({ needs: ignored.length > 0 && hasCells ? ['cells'] : ['digest'] }),
  marks: (sample, { ignored, hasCells }) => [
    ignored.length > 0 && hasCells ? markOfCells(sample) : markOf(sample),
  ],
};

function markOf({ digest }: LeakSample): Uint8Array {
  return fromHex(digest) ?? new Uint8Array(0);
}

/** JSON keeps cells apart, whatever they hold. */
function markOfCells({ cells = [] }: LeakSample): Uint8Array {
  return sha256(utf8(JSON.stringify(cells.map((cell) => cell ?? null))));
}
