import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DOCUMENTS = [
  'README.md',
  ...readdirSync(`${ROOT}docs`, { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`),
].filter((path) => path.endsWith('.md'));

/** A document without its blocks of code, where nothing is a heading or a link. */
function proseOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8').replaceAll(
    /^( *)(`{3,}|~{3,})[^\n]*\n[\s\S]*?^\1\2 *$/gm,
    '',
  );
}

/** Where the links of a text lead, but for those to elsewhere; code in a line has none. */
function linksIn(prose: string): string[] {
  const links = [
    ...prose.replaceAll(/`[^`\n]*`/g, '').matchAll(/\]\(([^)\s]+)[^)]*\)|\b(?:src|href)="([^"]+)"/g),
  ];
  return links
    .map(([, link, attribute]) => link ?? attribute ?? '')
    .filter((link) => !/^[a-z]+:/i.test(link));
}

/** The anchors that GitHub gives to headings: of two that are the same the second ends in -1. */
function anchorsIn(prose: string): string[] {
  const seen = new Map<string, number>();
  return [...prose.matchAll(/^#{1,6} +(.*?)(?: +#+)? *$/gm)].map(([, heading = '']) => {
    const text = heading.replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = text.replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '').replaceAll(' ', '-');
    const before = seen.get(anchor) ?? 0;
    seen.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
}

/** The links of a document that lead nowhere. */
function brokenIn(path: string): string[] {
  return linksIn(proseOf(path)).filter((link) => {
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? path : join(dirname(path), decodeURIComponent(file));
    if (!existsSync(join(ROOT, target))) return true;
    return anchor !== undefined && !(target.endsWith('.md') && anchorsIn(proseOf(target)).includes(anchor));
  });
}

describe('every link leads to a file and a heading that are there', () => {
  test.each(DOCUMENTS)('%s', (path) => {
    expect(brokenIn(path)).toEqual([]);
  });

  test('which is seen in all kinds of them', () => {
    const text =
      '# `dvs` is: *good*!\n\n## Twice\n## Twice\n[a](b.md) `[c](d.md)` <img src="e.svg">\n[f `g`](#twice-1)';
    expect(linksIn(text)).toEqual(['b.md', 'e.svg', '#twice-1']);
    expect(anchorsIn(text)).toEqual(['dvs-is-good', 'twice', 'twice-1']);
    expect(DOCUMENTS.flatMap((path) => linksIn(proseOf(path))).length).toBeGreaterThan(150);
  });
});
