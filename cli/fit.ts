import { escapeText } from './escape.js';
import { characters, characterWidth, displayWidth } from './width.js';

const ELLIPSIS = '…';

/** The columns that `text` takes once it is escaped. */
export function widthOf(text = ''): number {
  return displayWidth(escapeText(text));
}

/** `text`, escaped, and filled up with blanks to `width` columns. */
export function padTo(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const shown = escapeText(text);
  const missing = ' '.repeat(Math.max(0, width - displayWidth(shown)));
  return align === 'right' ? missing + shown : shown + missing;
}

/**
 * `text`, escaped, in no more than `width` columns: what is too long loses its middle, because of a path both the
 * folder that it begins with and the name that it ends with say most.
 */
export function shorten(text: string, width: number): string {
  const shown = escapeText(text);
  if (displayWidth(shown) <= width) return shown;
  if (width < 1) return '';
  const all = [...characters(shown)];
  const head = Math.floor((width - 1) / 3);
  const start = upTo(all, head);
  const end = upTo(all.toReversed(), width - 1 - displayWidth(start.join('')));
  return [...start, ELLIPSIS, ...end.toReversed()].join('');
}

/** `text`, escaped, in no more than `width` columns: what is too long loses its end. */
export function clip(text: string, width: number): string {
  const shown = escapeText(text);
  if (displayWidth(shown) <= width) return shown;
  return `${upTo([...characters(shown)], width - 1).join('')}${ELLIPSIS}`;
}

/** Kept before the place where two texts begin to differ. */
const LEAD = 8;

/** Two texts in no more than `width` columns each: what is too long begins shortly before they differ. */
export function fromDifference(a: string, b: string, width: number): readonly [string, string] {
  const [first, second] = [escapeText(a), escapeText(b)];
  if (Math.max(displayWidth(first), displayWidth(second)) <= width) return [first, second];
  const [left, right] = [[...characters(first)], [...characters(second)]];
  const same = left.findIndex((character, i) => character !== right[i]);
  const start = Math.max(0, (same < 0 ? left.length : same) - LEAD);
  const from = (all: readonly string[]): string => {
    const rest = all.slice(start).join('');
    return start === 0 ? clip(rest, width) : ELLIPSIS + clip(rest, width - 1);
  };
  return [from(left), from(right)];
}

/** The first characters that together take no more than `width` columns. */
function upTo(all: readonly string[], width: number): string[] {
  let used = 0;
  const end = all.findIndex((character) => {
    used += characterWidth(character);
    return used > width;
  });
  return end < 0 ? [...all] : all.slice(0, end);
}
