import type { ListedSample } from '../src/flows/list-samples.js';
import { shorten, widthOf } from './fit.js';
import { type Line, styled } from './report.js';

/** Wide enough for millions. */
const NUMBER_WIDTH = 9;
const HASH_SHOWN = 12;
const GAP = '  ';
/** Names are not cut to less than this. */
const LEAST = 16;

/** Number, label and key of a sample; of a key that is a hash its beginning, and the path of the file. */
export function sampleLine(
  { number, key, path, label }: ListedSample,
  columns = Number.POSITIVE_INFINITY,
): Line {
  const isHash = key.length === 64 && key !== path;
  const hash = isHash ? key.slice(0, HASH_SHOWN) + GAP : '';
  const name = isHash ? path : key.replace('\n', ' ');
  const room = columns - NUMBER_WIDTH - GAP.length;
  // A name says more than its label, so that gets a third, or what is left.
  const forLabel = Math.max(1, Math.floor(room / 3), room - GAP.length - hash.length - widthOf(name));
  const shown = label === undefined ? '' : shorten(label, forLabel) + GAP;
  const left = Math.max(LEAST, room - widthOf(shown) - hash.length);
  return [
    String(number).padStart(NUMBER_WIDTH),
    GAP,
    label === undefined ? '' : styled('yellow', shown),
    hash + shorten(name, left),
  ];
}
