import { describe, expect, test } from 'vitest';
import { changeLines } from '#cli/changes.js';
import { wantsColor } from '#cli/color.js';
import { clip, fromDifference, padTo, shorten } from '#cli/fit.js';
import { formatLine } from '#cli/output.js';
import { rowsOf } from '#cli/paged.js';
import { chosenPager } from '#cli/pager-choice.js';
import { sampleLine } from '#cli/sample-line.js';
import { table } from '#cli/table.js';
import { displayWidth } from '#cli/width.js';
import { contentId } from '#src/id/cid.js';

describe('the width of text', () => {
  test.each([
    ['plain', 5],
    ['', 0],
    ['ünï', 3],
    ['u\u0308', 1],
    ['漢字', 4],
    ['한국', 4],
    ['ｆｕｌｌ', 8],
    ['ﾊﾝｶｸ', 4],
    ['🎉', 2],
    ['👩‍👩‍👧', 2],
    ['🇩🇪', 2],
    ['❤', 1],
    ['❤\ufe0f', 2],
    ['→ …', 3],
    ['a\u200bb', 2],
  ])('%s is %d', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

describe('what is too long', () => {
  test.each([
    ['train/images/0000042.png', 24, 'train/images/0000042.png'],
    ['train/images/0000042.png', 16, 'train…000042.png'],
    ['漢字漢字漢字.txt', 10, '漢…字.txt'],
    ['a\tb', 4, 'a\\tb'],
    ['abcdef', 1, '…'],
    ['abcdef', 0, ''],
  ])('%s in %d columns loses its middle', (text, width, short) => {
    expect(shorten(text, width)).toBe(short);
    expect(displayWidth(short)).toBeLessThanOrEqual(width);
  });

  test('or its end', () => {
    expect(clip('漢字漢字', 6)).toBe('漢字…');
    expect(clip('short', 6)).toBe('short');
  });

  test('or what stands long before two texts begin to differ', () => {
    const [old, now] = fromDifference(`${'x'.repeat(50)} cat`, `${'x'.repeat(50)} dog, and so on`, 16);
    expect([old, now]).toEqual(['…xxxxxxx cat', '…xxxxxxx dog, a…']);
    expect(fromDifference('cat', 'dog', 16)).toEqual(['cat', 'dog']);
    expect(fromDifference('x'.repeat(20), 'x'.repeat(30), 12)).toEqual(['…xxxxxxxx', '…xxxxxxxxxx…']);
  });

  test('is filled up by columns, not by characters', () => {
    expect(padTo('漢', 4)).toBe('漢  ');
    expect(padTo('漢', 4, 'right')).toBe('  漢');
  });
});

describe('a table', () => {
  const rows = [
    ['train/a/long/path.png', '漢', '10 B'],
    ['b', 'two', '1 B'],
  ];
  const lines = (columns?: number) =>
    [...table(rows, ['short', 'left', 'right'], { columns })].map((line) => formatLine(line, false));

  test('is never cut where there is no terminal', () => {
    expect(lines()).toEqual(['train/a/long/path.png  漢   10 B', 'b                      two   1 B']);
  });

  test('gives way in one column', () => {
    expect(lines(26)).toEqual(['trai…g/path.png  漢   10 B', 'b                two   1 B']);
    for (const line of lines(26)) expect(displayWidth(line)).toBeLessThanOrEqual(26);
  });
});

test('paths that changed fit the terminal', () => {
  const entry = { type: 'file', id: contentId(Buffer.from('x')), size: 1 } as const;
  const path = `train/${'x'.repeat(100)}.png`;
  const diff = { added: [{ path, entry }], removed: [], modified: [], renamed: [] };
  const shown = (columns?: number) =>
    [...changeLines(diff, { display: { columns } })].map((line) => formatLine(line, false));
  expect(shown(60).map(displayWidth)).toEqual([60]);
  expect(shown()).toEqual([`A ${path}  1 B`]);
});

describe('a sample that is listed', () => {
  const path = `train/${'x'.repeat(100)}.png`;
  const shown = (sample: Parameters<typeof sampleLine>[0], columns?: number) =>
    formatLine(sampleLine(sample, columns), false);

  test.each([
    ['of a file', { number: 7, key: path, path, label: undefined }],
    ['with a label', { number: 7, key: path, path, label: 'cat' }],
    ['with a long label', { number: 7, key: path, path, label: '漢'.repeat(50) }],
    ['told by a hash', { number: 7, key: 'a'.repeat(64), path, label: 'l'.repeat(50) }],
  ])('%s fits the terminal, and is whole where there is none', (_, sample) => {
    expect(displayWidth(shown(sample, 60))).toBeLessThanOrEqual(60);
    expect(displayWidth(shown(sample, 60))).toBeGreaterThan(50);
    expect(shown(sample)).toContain(path);
    expect(shown(sample)).toContain(sample.label ?? '');
  });

  test('has its label whole where there is room', () => {
    const label = 'l'.repeat(40);
    expect(shown({ number: 7, key: 'a.png', path: 'a.png', label }, 60)).toContain(`${label}  a.png`);
  });
});

describe('colours', () => {
  test.each<[string, Parameters<typeof wantsColor>, boolean]>([
    ['on a terminal', ['auto', {}, true], true],
    ['elsewhere', ['auto', {}, false], false],
    ['always', ['always', { NO_COLOR: '1' }, false], true],
    ['never', ['never', { FORCE_COLOR: '1' }, true], false],
    ['NO_COLOR', [undefined, { NO_COLOR: '1', FORCE_COLOR: '1' }, true], false],
    ['NO_COLOR that is empty', [undefined, { NO_COLOR: '' }, true], true],
    ['FORCE_COLOR', [undefined, { FORCE_COLOR: '1' }, false], true],
    ['FORCE_COLOR=0', [undefined, { FORCE_COLOR: '0' }, true], false],
    ['CLICOLOR_FORCE', [undefined, { CLICOLOR_FORCE: '1' }, false], true],
    ['CLICOLOR=0', [undefined, { CLICOLOR: '0' }, true], false],
    ['TERM=dumb', [undefined, { TERM: 'dumb' }, true], false],
  ])('%s', (_, [choice, variables, isTerminal], wanted) => {
    expect(wantsColor(choice, variables, isTerminal)).toBe(wanted);
  });
});

describe('the pager', () => {
  test.each([
    [{}, 'less -FRX'],
    [{ PAGER: 'more' }, 'more'],
    [{ PAGER: 'more', DVS_PAGER: 'most -w' }, 'most -w'],
    [{ PAGER: 'more', DVS_PAGER: '' }, undefined],
    [{ PAGER: 'cat' }, undefined],
    [{ TERM: 'dumb' }, undefined],
  ])('%j', (variables, command) => {
    expect(chosenPager(variables)).toBe(command);
  });

  test('counts rows as the terminal wraps them', () => {
    expect(rowsOf('a\nb\n', 10)).toBe(2);
    expect(rowsOf(`${'x'.repeat(21)}\n\n`, 10)).toBe(4);
    expect(rowsOf('\x1b[31mxxxxxxxxxx\x1b[0m\n', 10)).toBe(1);
    expect(rowsOf('漢字漢字漢字\n', 10)).toBe(2);
  });
});
