import { posix } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkLinkTarget } from '#src/entities/link.js';
import { hasCode } from '../tree/support.js';

describe('the target of a link', () => {
  test.each([
    ['link', 'file'],
    ['link', './file'],
    ['link', 'folder/'],
    ['a/link', '../b/file'],
    ['a/b/link', '../../file'],
    ['a/b/link', '../..'],
    ['a/link', '.././b'],
    ['link', '.'],
    ['link', 'x'.repeat(4096)],
  ])('of %s may be %s', (path, target) => {
    expect(() => checkLinkTarget(path, target)).not.toThrow();
  });

  test.each([
    ['link', ''],
    ['link', '/etc/passwd'],
    ['link', '..'],
    ['link', '../file'],
    ['a/link', '../../file'],
    ['a/b/link', 'x/../file'],
    ['a/b/link', '../x/../file'],
    ['link', 'x\0'],
    ['link', 'x\n'],
    ['link', '\ud800'],
    ['link', 'x'.repeat(4097)],
    ['link', '.git/config'],
    ['a/link', '../.DVS./keys'],
    ['link', 'x\\.git'],
  ])('of %s may not be %s', (path, target) => {
    expect(() => checkLinkTarget(path, target)).toThrow(expect.toSatisfy(hasCode('E_SYMLINK')));
  });

  test('that is accepted never leads outside', () => {
    const segments = fc.array(fc.constantFrom('..', '.', '', 'a', 'b'), { maxLength: 6 });
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 4 }),
        segments,
        (path, target) => {
          const link = path.join('/');
          const text = target.join('/');
          try {
            checkLinkTarget(link, text);
          } catch {
            return;
          }
          const resolved = posix.join(posix.dirname(link), text);
          expect(resolved === '..' || resolved.startsWith('../') || resolved.startsWith('/')).toBe(false);
        },
      ),
    );
  });
});
