import { RE2JS } from 're2js';
import { DvsError } from '../../base/errors.js';
import { badData } from '../../formats/bad-data.js';

/**
 * Where a key, label, group or time comes from: a column of the row, the name of the folder that its file lies in, or the first group
 * (without one, all) of what a regular expression first matches in the path. Expressions are those of RE2, which take
 * time in proportion to the path, whoever wrote them.
 */
export type FieldSource =
  | { readonly from: 'column'; readonly name: string }
  | { readonly from: 'parent' }
  | { readonly from: 'path'; readonly pattern: string };

/** As it is recorded, in characters: with `column:` before the name. */
const MOST = 1000;
const COLUMN = 'column:';
const PATH = 'path:';

/** Reads what people type and entities hold: `species`, `column:parent`, `parent`, `path:_(\d+)\.png$`. E_USAGE. */
export function parseField(text: string): FieldSource {
  if (text === '' || text.length > MOST || !text.isWellFormed() || text.includes('\n')) {
    throw unusable(text, `it has 1 to ${MOST} characters on one line`);
  }
  if (text === 'parent') return { from: 'parent' };
  if (text.startsWith(PATH)) {
    const pattern = text.slice(PATH.length);
    compile(pattern);
    return { from: 'path', pattern };
  }
  const name = text.startsWith(COLUMN) ? text.slice(COLUMN.length) : text;
  if (name === '') throw unusable(text, 'the column has no name');
  if (COLUMN.length + name.length > MOST) throw unusable(text, 'the name of the column is too long');
  return { from: 'column', name };
}

/** The one way in which an entity holds it. */
export function formatField(source: FieldSource): string {
  if (source.from === 'parent') return 'parent';
  return source.from === 'path' ? PATH + source.pattern : COLUMN + source.name;
}

/** Reads the value of one source from paths. E_DATA where a path does not match. */
export function pathField(source: Exclude<FieldSource, { from: 'column' }>): (path: string) => string {
  if (source.from === 'parent') return folderName;
  const expression = compile(source.pattern);
  return (path) => {
    const match = expression.matcher(path);
    if (!match.find()) {
      throw badData(path, `its path does not match ${source.pattern}`, {
        hint: 'Choose an expression that matches all paths, or only some files: `-- <pattern>`.',
      });
    }
    return match.group(match.groupCount() > 0 ? 1 : 0) ?? '';
  };
}

/** The name of the folder that a file lies in; '' at the top. */
function folderName(path: string): string {
  return path.split('/').at(-2) ?? '';
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (cause) {
    throw new DvsError('E_USAGE', `not a regular expression: ${pattern}`, {
      cause,
      about: [pattern],
      hint: 'Expressions are those of RE2: without look-around and back references.',
    });
  }
}

function unusable(text: string, why: string): DvsError {
  return new DvsError('E_USAGE', `${JSON.stringify(text.slice(0, 80))} says not where a value is: ${why}`, {
    hint: 'Write a column, `parent` for the folder, or `path:` and a regular expression.',
  });
}
