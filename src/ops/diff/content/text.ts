import type { ContentKind } from './kind.js';
import { readLines } from './line-reader.js';
import { compareLines, type LinesDiff } from './lines.js';

/** Control characters that texts hold: tab, line feed, vertical tab, form feed, carriage return, escape. */
const USUAL_CONTROLS = new Set([9, 10, 11, 12, 13, 27]);
/** One other control character among so many bytes does not make a text binary. */
const RARE = 100;

export const textKind: ContentKind<LinesDiff> = {
  name: 'text',
  matches: (_, heads) => heads.every(looksLikeText),
  compare: ({ before, after }, { scratch }) =>
    compareLines({ format: 'text', before: readLines(before), after: readLines(after), scratch }),
};

/** As git guesses, by a NUL in the beginning, and by other characters that no text is full of. */
export function looksLikeText(head: Uint8Array): boolean {
  const controls = head.reduce((sum, byte) => sum + (byte < 32 && !USUAL_CONTROLS.has(byte) ? 1 : 0), 0);
  return !head.includes(0) && controls * RARE <= head.length;
}
