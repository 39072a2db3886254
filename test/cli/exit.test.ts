import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { reportError, STATUS_OF, statusMeanings } from '#cli/exit.js';
import { DvsError, ERROR_CODES } from '#src/base/errors.js';

const DOCUMENT = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');

test('every error code ends with a status that says that something is wrong', () => {
  expect(Object.keys(STATUS_OF).sort()).toEqual([...ERROR_CODES].sort());
  for (const code of ERROR_CODES) expect(STATUS_OF[code], code).toBeGreaterThan(1);
});

const rows = [...DOCUMENT.matchAll(/^\| (\d+) \| (.*) \|(.*)\|$/gm)];

test('the document tells the status of every code', () => {
  const documented = rows.flatMap(([, status, , codes = '']) =>
    [...codes.matchAll(/`(E_\w+)`/g)].map(([, code]) => [code, Number(status)]),
  );
  expect(Object.fromEntries(documented)).toEqual(STATUS_OF);
});

test('the document tells what every status means', () => {
  expect(rows.map(([, status, meaning]) => [Number(status), meaning])).toEqual([...statusMeanings()]);
});

/** What is told of an error with this message, about these. */
function told(message: string, ...about: string[]): string {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    reportError(new DvsError('E_PATH', message, { about, hint: 'Rename it.' }), {
      json: false,
      debug: false,
    });
    return write.mock.calls.map(([text]) => text).join('');
  } finally {
    write.mockRestore();
  }
}

test('what the message has shown is not told again, however it was escaped there', () => {
  const path = 'new\nline\u202e';
  const lines = (message: string) => told(message, path).split('\n').length;
  expect(lines(`no place for ${JSON.stringify(path)}`)).toBe(3);
  expect(lines(`no place for ${path}`)).toBe(3);
  expect(told('no place', path)).toBe('dvs: no place [E_PATH]\nRename it.\n  new\\nline\\u{202e}\n');
});
