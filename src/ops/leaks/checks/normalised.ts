import { utf8 } from '../../../base/bytes.js';
import { sha256 } from '../../../id/hash.js';
import type { LeakCheck } from '../sample.js';

/** Rows whose cells are the same but for case, white space, and how Unicode writes a character. */
export const normalised: LeakCheck = {
  name: 'normalised',
  what: 'the same text but for case and spaces',
  includes: 'content',
  applies: ({ hasCells }) =>
    hasCells
      ? { needs: ['cells'] }
      : { why: 'these samples are no rows of text, or none of their columns counts' },
  marks: ({ cells }) => {
    if (cells === undefined) return [];
    return [sha256(utf8(JSON.stringify(cells.map((cell) => normal(cell ?? '')))))];
  },
};

function normal(cell: string): string {
  return cell.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();
}
