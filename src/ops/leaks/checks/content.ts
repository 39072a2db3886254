import { fromHex, utf8 } from '../../../base/bytes.js';
import { sha256 } from '../../../id/hash.js';
import type { LeakCheck, LeakSample } from '../sample.js';

/** The same bytes; where columns do not count, the same cells, or the same pieces: arrays, files of a tar. */
export const content: LeakCheck = {
  name: 'content',
  what: 'the same content',
  applies: ({ ignored, hasCells }) => ({ needs: ignored.length > 0 && hasCells ? ['cells'] : ['digest'] }),
  marks: (sample, { ignored, hasCells }) => {
    const mark = ignored.length > 0 && hasCells ? markOfCells(sample) : fromHex(sample.digest);
    return mark === undefined || mark.length === 0 ? [] : [mark];
  },
};

/** JSON keeps cells apart, whatever they hold. */
function markOfCells({ cells = [] }: LeakSample): Uint8Array | undefined {
  if (cells.length === 0) return undefined;
  return sha256(utf8(JSON.stringify(cells.map((cell) => cell ?? null))));
}
