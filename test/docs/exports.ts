import { readFileSync } from 'node:fs';
import { posix } from 'node:path';

const DIST = new URL('../../dist/src/', import.meta.url);

/** Something that the library exports. */
export interface Exported {
  readonly name: string;
  /** True for what exists at run time: a function, class or constant. */
  readonly isValue: boolean;
  /** Its documentation comment, as one line; empty when it has none. */
  readonly comment: string;
}

/** What `src/index.ts` exports, with the documentation that an editor shows. */
export function exported(): Exported[] {
  const index = readFileSync(new URL('index.d.ts', DIST), 'utf8');
  const found: Exported[] = [];
  for (const [, onlyTypes, list = '', from = ''] of index.matchAll(
    /^export (type )?\{([^}]*)\} from '\.\/(.*)\.js';$/gm,
  )) {
    for (const item of list.split(',').map((text) => text.trim())) {
      const name = item.replace(/^type /, '');
      if (name === '') continue;
      const isValue = onlyTypes === undefined && name === item;
      found.push({ name, isValue, comment: commentOf(from, name) });
    }
  }
  return found;
}

/** The comment above a declaration; of what a file only passes on, there where it comes from. */
function commentOf(file: string, name: string): string {
  const text = readFileSync(new URL(`${file}.d.ts`, DIST), 'utf8');
  const declared = new RegExp(
    `(?:/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\s*)?export (?:declare )?(?:abstract )?(?:function\\*?|class|const|interface|type|\\{) ${name}\\b(?! *,)`,
  ).exec(text);
  if (declared !== null)
    return (declared[1] ?? '')
      .replaceAll(/^\s*\* ?/gm, '')
      .replaceAll(/\s+/g, ' ')
      .trim();
  const source = new RegExp(
    `^(?:import|export) (?:type )?\\{[^}]*\\b${name}\\b[^}]*\\} from '(\\..*)\\.js'`,
    'm',
  ).exec(text);
  return source === null ? '' : commentOf(posix.join(posix.dirname(file), source[1] ?? ''), name);
}
