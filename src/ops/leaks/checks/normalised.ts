import { utf8 } from '../../../base/bytes.js';
import { sha256 } from '../../../id/hash.js';
import type { LeakCheck } from '../sample.js';

/** Rows whose cells are the same but for case, white space, and how Unicode writes a character. */
export const normalised: LeakCheck = {
  name: 'normalised',
  what: 'the same text but for case and spaces',
  includes: 'content',
  applies: ({ hasCells }) => (hasCells ? { needs: ['cells'] } : { why: 'these samples are no rows of text' }),
  marks: ({ cells = [] }) => {
    if (cells.length === 0) return [];
    return [sha256(utf8(JSON.stringify(cells.map((cell) => normal(cell ?? '')))))];
  },
};

/** ASCII without capitals and spaces, which is what most cells are: normal already. */
const NORMAL = /^[\x21-\x40\x5b-\x7e]*$/;

/** Upper case first: `ß` is `SS` there, and the two small sigmas are one. */
function normal(cell: string): string {
  if (NORMAL.test(cell)) return cell;
  return cell.normalize('NFKC').toUpperCase().toLowerCase().replace(/\s+/gu, ' ').trim();
}
