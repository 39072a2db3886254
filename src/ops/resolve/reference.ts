import { DvsError } from '../../base/errors.js';

/** A reference taken apart: `mnist:v3/train/0.png` is the base `mnist`, the selector `v3`, the path `train/0.png`. */
export interface Reference {
  readonly text: string;
  /** An ID, a name, or the beginning of an ID. */
  readonly base: string;
  /** What follows the colon: `v3`, `latest` or a tag. */
  readonly selector: string | undefined;
  /** What follows the first slash; empty when nothing does. */
  readonly path: string;
}

const MAX_LENGTH = 5000;

/** Takes a reference apart by its form alone; E_USAGE for text that can be none. */
export function parseReference(text: string): Reference {
  const slash = text.indexOf('/');
  const head = slash < 0 ? text : text.slice(0, slash);
  const colon = head.indexOf(':');
  const base = colon < 0 ? head : head.slice(0, colon);
  const selector = colon < 0 ? undefined : head.slice(colon + 1);
  if (base === '' || selector === '' || text.length > MAX_LENGTH) {
    throw new DvsError('E_USAGE', `not a reference: ${text.slice(0, 200)}`, {
      hint: 'Give an ID or its beginning, a name, name:v3, name:tag, or a tracked path; a path in it may follow a slash.',
    });
  }
  const path = slash < 0 ? '' : text.slice(slash + 1).replace(/\/+$/, '');
  return { text, base, selector, path };
}

/** The number in `v3`, or undefined for any other selector. */
export function versionNumber(selector: string): number | undefined {
  const digits = /^v([1-9]\d{0,8})$/.exec(selector)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
