import { expect, test } from 'vitest';
import { judge } from '#bench/figure.js';
import { makeReport, markdown } from '#bench/report.js';
import { cp } from '#bench/tools/cp.js';

const row = { name: 'weights', what: 'one file', run: async () => [] };
const targets = [
  { step: 'add v1', against: 'cp', limit: 2.5 },
  { step: 'add v1', against: 'restic', limit: 0.35 },
  { step: 'stored', against: undefined, limit: 512 },
];

test('the table has every value, and the summary every figure that was not reached or not measured', () => {
  const figures = judge([{ 'add v1': { dvs: 3, cp: 1 }, stored: { dvs: 100 } }], targets);
  const skipped = [{ ...row, name: 'huge' }, { skipped: 'there is no taskset' }] as const;
  const text = markdown(makeReport({ rounds: 1, scale: 1, tools: [cp] }, [[row, figures], skipped]));
  expect(text).toContain('| add v1, s | 3.00 | 1.00 | cp: 3.00 ≤ 2.5 **no**; restic: not measured |');
  expect(text).toContain('| stored, MiB | 100 |  | alone: 100 ≤ 512 yes |');
  expect(text).toContain('Not measured: there is no taskset');
  expect(text).toContain('1 of 3 figures reached.');
  expect(text).toContain('Not reached:\n\n- weights, add v1: cp: 3.00 ≤ 2.5 **no**');
  expect(text).toContain('Not measured:\n\n- weights, add v1: restic: not measured');
});
