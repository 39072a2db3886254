import { utf8 } from '../base/bytes.js';
import { DvsError } from '../base/errors.js';

export const MAX_PATH_BYTES = 4096;
export const MAX_SEGMENT_BYTES = 255;

/** C0, DEL and C1: what no terminal and few file systems should be given. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
/** What HFS+ leaves out when it compares names. */
const IGNORED = '[\\u200c-\\u200f\\u202a-\\u202e\\u206a-\\u206f\\ufeff]';
const IGNORABLE = new RegExp(IGNORED, 'g');
/** How all disguises of the reserved names begin; few other names do, and this spares them the rest. */
const SUSPECT = new RegExp(`(?:^|\\\\)${IGNORED}*[.gd]`, 'i');
/** The reserved names, and the short names that NTFS may give them. */
const RESERVED = /^(?:\.git|\.dvs|git~\d+|dvs~\d+)$/;

/**
 * Refuses what no dataset may hold as a path. E_PATH: empty, absolute, with an empty, `.` or `..` segment,
 * with control characters or lone surrogates, or too long. E_PATH_RESERVED: with `.dvs` or `.git` in it, in
 * any disguise.
 */
export function checkPath(path: string): void {
  if (path === '') throw badPath(path, 'it is empty');
  if (path.startsWith('/')) throw badPath(path, 'it is absolute');
  const flaw = textFlaw(path);
  if (flaw !== undefined) throw badPath(path, flaw);
  for (const segment of path.split('/')) {
    if (segment === '') throw badPath(path, 'it has an empty segment');
    if (segment === '.' || segment === '..') throw badPath(path, `it has a segment \`${segment}\``);
    if (exceeds(segment, MAX_SEGMENT_BYTES)) {
      throw badPath(path, `it has a segment of more than ${MAX_SEGMENT_BYTES} bytes`);
    }
    if (isReservedSegment(segment)) {
      throw new DvsError(
        'E_PATH_RESERVED',
        `a dataset cannot hold ${quoted(path)}: ${quoted(segment)} is reserved`,
        {
          about: [path],
          hint: 'No dataset holds .dvs or .git, nor names that some file system takes for them.',
        },
      );
    }
  }
}

/** Names that are passed by without a word when a folder is added: exactly `.dvs` and `.git`. */
export function isSkippedName(name: string): boolean {
  return name === '.dvs' || name === '.git';
}

/**
 * True for `.dvs`, `.git` and every name that some file system resolves to them: other case, trailing dots
 * and spaces, alternate streams and short names (NTFS), ignorable code points (HFS+), after a backslash.
 */
export function isReservedSegment(segment: string): boolean {
  return SUSPECT.test(segment) && segment.split('\\').some((name) => RESERVED.test(plainName(name)));
}

function plainName(name: string): string {
  const [beforeStream = ''] = name.replace(IGNORABLE, '').split(':', 1);
  return folded(beforeStream).replace(/[. ]+$/, '');
}

/**
 * The key under which file systems that fold case or normalise names would merge paths: two different paths
 * with one key cannot both be checked out everywhere.
 */
export function foldedPath(path: string): string {
  return folded(path.normalize('NFC')).normalize('NFC');
}

/** By way of upper case, so that `ß` meets `SS` and the long `ſ` meets `s`, as they do on APFS. */
function folded(text: string): string {
  return text.toUpperCase().toLowerCase();
}

/** What is wrong with the text of a path or link target, or undefined. */
export function textFlaw(text: string): string | undefined {
  if (!text.isWellFormed()) return 'it is not well-formed Unicode';
  if (CONTROL.test(text)) return 'it has control characters';
  if (exceeds(text, MAX_PATH_BYTES)) return `it has more than ${MAX_PATH_BYTES} bytes`;
  return undefined;
}

function exceeds(text: string, limit: number): boolean {
  // UTF-8 takes one to three bytes for each UTF-16 unit, so most texts need not be encoded to be measured.
  return text.length > limit || (text.length * 3 > limit && utf8(text).length > limit);
}

/** Control characters and lone surrogates do not belong in a message. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}

function badPath(path: string, why: string): DvsError {
  return new DvsError('E_PATH', `a dataset cannot hold the path ${quoted(path)}: ${why}`, {
    about: [path],
    hint: 'Rename the file.',
  });
}

/** Whether a path is this one or lies in it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** Whether one of two paths is the other or lies in it. */
export function overlap(a: string, b: string): boolean {
  return isWithin(a, b) || isWithin(b, a);
}

/** A path as people type it, `./data/` for one, as it is recorded. */
export function plainPath(typed: string): string {
  return typed.replace(/^\.\//, '').replace(/\/+$/, '');
}
