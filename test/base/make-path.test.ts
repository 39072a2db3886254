import { existsSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { makePath } from '#src/base/make-path.js';
import { tempDir } from '../support/tmp.js';

let root: string;

beforeEach(async () => {
  root = await tempDir();
});

describe('makePath', () => {
  test('makes what is missing and says where that begins', () => {
    expect(makePath(join(root, 'a/b/c'), 0o700)).toBe(join(root, 'a'));
    expect(statSync(join(root, 'a/b/c')).mode & 0o777).toBe(0o700);
    expect(makePath(join(root, 'a/b/c'))).toBeUndefined();
    expect(makePath(join(root, 'a/b/d'))).toBe(join(root, 'a/b/d'));
  });

  test('a link to a folder is one', () => {
    mkdirSync(join(root, 'real'));
    symlinkSync('real', join(root, 'link'));
    expect(makePath(join(root, 'link'))).toBeUndefined();
    makePath(join(root, 'link/a/b'));
    expect(existsSync(join(root, 'real/a/b'))).toBe(true);
  });

  test('says what the system says when something else is in the way', () => {
    writeFileSync(join(root, 'file'), '');
    symlinkSync('nowhere', join(root, 'dangling'));
    expect(() => makePath(join(root, 'file'))).toThrow('EEXIST');
    expect(() => makePath(join(root, 'file/a/b'))).toThrow('ENOTDIR');
    expect(() => makePath(join(root, 'dangling/a'))).toThrow('EEXIST');
  });

  test.skipIf(!existsSync('/proc/self'))('ends where the system takes no folders', () => {
    for (const path of ['/proc/no-such-place', '/proc/no-such-place/a/b']) {
      expect(() => makePath(path)).toThrow(
        expect.objectContaining({ code: 'E_ACCESS', hint: 'Name a place on a disk.' }),
      );
    }
    rmSync(root, { recursive: true });
    expect(makePath(root)).toBe(root);
  });
});
