import { DvsError } from './errors.js';

const NAME = /^(?!baf[ky])[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const RESERVED = /^(?:latest|v\d+)$/;

/** True for what may be a name or a tag. */
export function isName(text: string): boolean {
  return NAME.test(text) && !RESERVED.test(text);
}

/** Refuses (E_USAGE) what cannot be the name of a thing, such as `mnist`. */
export function checkName(name: string): void {
  check('name', name);
}

/** Refuses (E_USAGE) what cannot be a tag, such as `production` in `mnist:production`. */
export function checkTag(tag: string): void {
  check('tag', tag);
}

function check(what: string, text: string): void {
  if (isName(text)) return;
  const shown = JSON.stringify(text.slice(0, 120));
  throw new DvsError('E_USAGE', `${shown} cannot be a ${what}`, {
    about: [text],
    hint:
      `A ${what} has 1 to 100 of the characters A-Z a-z 0-9 . _ -, begins with a letter or digit, ` +
      'not with bafk or bafy, and is neither `latest` nor `v` with digits.',
  });
}
