import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { STATUS, STATUS_OF } from '#cli/exit.js';
import { ERROR_CODES } from '#src/base/errors.js';

const DOCUMENT = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');

test('every error code ends with a status that says that something is wrong', () => {
  expect(Object.keys(STATUS_OF).sort()).toEqual([...ERROR_CODES].sort());
  for (const code of ERROR_CODES) expect(STATUS_OF[code], code).toBeGreaterThan(1);
});

test('the document tells the status of every code', () => {
  const rows = [...DOCUMENT.matchAll(/^\| (\d+) \|.*\|(.*)\|$/gm)];
  const documented = rows.flatMap(([, status, codes = '']) =>
    [...codes.matchAll(/`(E_\w+)`/g)].map(([, code]) => [code, Number(status)]),
  );
  expect(Object.fromEntries(documented)).toEqual(STATUS_OF);
  expect(new Set(rows.map(([, status]) => Number(status)))).toEqual(
    new Set([...Object.values(STATUS), 129, 143]),
  );
});
