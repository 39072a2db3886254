import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MEANING, STATUS, STATUS_OF } from '#cli/exit.js';
import { ERROR_CODES } from '#src/base/errors.js';

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
  const meanings = Object.entries(STATUS).map(([key, status]) => [
    status,
    new Map(Object.entries(MEANING)).get(key),
  ]);
  expect(rows.map(([, status, meaning]) => [Number(status), meaning])).toEqual(meanings);
});
