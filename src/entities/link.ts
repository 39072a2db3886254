import { DvsError } from '../base/errors.js';
import { isReservedSegment, textFlaw } from './path.js';

/**
 * Refuses (E_SYMLINK) a symbolic link that a dataset may not hold: the target must be relative and stay
 * among the paths of the dataset. Its `..` segments come before all names and number no more than the
 * folders above the link, so no order of resolving links leads outside. Empty and `.` segments are nothing.
 */
export function checkLinkTarget(path: string, target: string): void {
  const why = flaw(path, target);
  if (why === undefined) return;
  throw new DvsError('E_SYMLINK', `a dataset cannot hold the link ${path}: ${why}`, {
    about: [path],
    hint: 'Make it lead to something inside the folder, or store the bytes behind links: `dvs add --follow-symlinks <path>`.',
  });
}

function flaw(path: string, target: string): string | undefined {
  if (target === '') return 'its target is empty';
  if (target.startsWith('/')) return 'its target is absolute';
  const text = textFlaw(target);
  if (text !== undefined) return `as for its target, ${text}`;
  const segments = target.split('/').filter((segment) => segment !== '' && segment !== '.');
  const firstName = segments.findIndex((segment) => segment !== '..');
  const climbs = firstName < 0 ? segments.length : firstName;
  const names = segments.slice(climbs);
  if (names.includes('..')) return 'its target has `..` after a name';
  if (climbs > path.split('/').length - 1) return 'its target leads out of the dataset';
  if (names.some(isReservedSegment)) return 'its target passes through a reserved name';
  return undefined;
}
