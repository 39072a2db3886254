import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePatterns } from '#src/workspace/ignore/pattern.js';
import { isIgnored, type Rules } from '#src/workspace/ignore/rules.js';
import { rawPath } from '#src/workspace/ignore/rules-above.js';
import { tempDir } from '../../support/tmp.js';

/** What each folder's file of rules says; the key ends with `/`, that of the root is empty. */
type RuleFiles = Readonly<Record<string, string>>;

/** Folders as they end with `/`, and files. */
const PATHS = [
  'a',
  'b.txt',
  'ab',
  'A',
  'é',
  'a b',
  'a ',
  '#a',
  '!a',
  '*',
  '[a]',
  'a\\b',
  '-',
  '^',
  ']',
  'd/',
  'd/a',
  'd/b.txt',
  'd/a.d/',
  'd/a.d/a',
  'd/a.d/é',
  'd/a.d/a.d/',
  'd/a.d/a.d/a',
  'd/ab/',
  'd/ab/a.txt',
  'd/ab/x',
  'e/',
  'e/d/',
  'e/d/a',
]; // prettier-ignore

/** What git ignores of the paths. The folders are in the repository, and the files need not. */
function ignoredByGit(repository: string, rules: RuleFiles): string[] {
  for (const [folder, text] of Object.entries(rules)) {
    mkdirSync(join(repository, folder), { recursive: true });
    writeFileSync(join(repository, folder, '.gitignore'), text);
  }
  try {
    const out = execFileSync('git', ['check-ignore', '-z', '--stdin', '--no-index'], {
      cwd: repository,
      // Without the slash, by which git would take the empty name after it for the file's: it looks at what is there.
      input: PATHS.map(plain).join('\0'),
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
    });
    return out.toString().split('\0').filter(Boolean);
  } catch (error) {
    if (error instanceof Error && 'status' in error && error.status === 1) return [];
    throw error;
  } finally {
    for (const folder of Object.keys(rules)) rmSync(join(repository, folder, '.gitignore'));
  }
}

/** The same by our rules. */
function ignoredByUs(files: RuleFiles): string[] {
  const rulesIn = (folder: string): Rules | undefined => {
    const above = folder === '' ? undefined : rulesIn(parentOf(folder));
    const text = files[folder];
    if (text === undefined) return above;
    return { above, folder: rawPath(folder), patterns: parsePatterns(rawPath(text)) };
  };
  const isOut = (path: string): boolean => {
    const parent = parentOf(path);
    if (parent !== '' && isOut(parent)) return true;
    return isIgnored(rulesIn(parent), rawPath(plain(path)), path.endsWith('/'));
  };
  return PATHS.filter(isOut).map(plain);
}

function plain(path: string): string {
  return path.replace(/\/$/, '');
}

function parentOf(path: string): string {
  const parent = dirname(path);
  return parent === '.' ? '' : `${parent}/`;
}

const piece = fc.constantFrom(
  'a',
  'b',
  'd',
  'a.d',
  '.txt',
  'é',
  'x',
  '*',
  '**',
  '?',
  '/',
  '/',
  '**/',
  '/**',
  '\\',
  '\\*',
  '\\ ',
  ' ',
  '!',
  '#',
  '[a]',
  '[!a]',
  '[^b]',
  '[a-d]',
  '[]a]',
  '[a',
  '[[:alpha:]]',
  '[[:punct:]a]',
  '[[:oops:]]',
  '[\\]]',
  '[--a]',
  '[z-a]',
  '[[:]',
  '\r',
  '\t',
); // prettier-ignore
const line = fc
  .tuple(
    fc.constantFrom('', '', '', '!', '/', '#', '\\'),
    fc.array(piece, { maxLength: 5 }),
    fc.constantFrom('', '', '/', ' '),
  )
  .map(([start, middle, end]) => start + middle.join('') + end);
const text = fc
  .tuple(
    fc.constantFrom('', '', '', '\ufeff'),
    fc.array(line, { minLength: 1, maxLength: 5 }),
    fc.constantFrom('\n', '\n', '\r\n', ''),
  )
  .map(([mark, lines, end]) => mark + lines.join('\n') + end);
const ruleFiles = fc.record({ '': text, 'd/': text, 'd/a.d/': text }, { requiredKeys: [''] });

async function repository(): Promise<string> {
  const root = await tempDir();
  execFileSync('git', ['init', '-q'], { cwd: root });
  for (const path of PATHS) if (path.endsWith('/')) mkdirSync(join(root, path), { recursive: true });
  return root;
}

describe('what git ignores is ignored', () => {
  test('with random rules at several depths', async () => {
    const root = await repository();
    fc.assert(
      fc.property(ruleFiles, (rules) => {
        expect(ignoredByUs(rules)).toEqual(ignoredByGit(root, rules));
      }),
      { numRuns: 150, interruptAfterTimeLimit: 30_000 },
    );
  });

  test.each<[string, string]>([
    ['stars right after a beginning without wildcards', 'd**/a\nd/a**'],
    ['many stars', '*a*a*a*a*b\n**/**/**/a'],
    ['a folder that is excluded, and something in it that is not', 'd/\n!d/a'],
    ['everything but', '*\n!*/\n!a'],
    ['escapes', '\\#a\n\\!a\na\\ \n\\*\n\\[a]\na\\\\b'],
    ['sets', '[!-~]\n![[:alpha:]]'],
    ['an escaped slash', 'd\\/a\nd/**\\/a'],
    ['bytes, of which é has two', '??\n!d/?'],
    ['NUL and carriage returns', 'a\0b\r\n\r\nA\r\r\n'],
    ['a slash alone', '/\n//\n!/\n*/'],
  ])('with %s', async (_, rules) => {
    const root = await repository();
    const files = { '': rules };
    expect(ignoredByUs(files)).toEqual(ignoredByGit(root, files));
  });
});
