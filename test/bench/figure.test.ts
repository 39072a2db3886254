import { expect, test } from 'vitest';
import { judge } from '#bench/figure.js';

const target = { step: 'add v1', against: 'best peer', limit: 0.5 } as const;
const round = (dvs: number, restic: number, borg: number, cp: number) => ({
  'add v1': { dvs, restic, borg, cp },
});
const peers = ['restic', 'borg'];

test('the ratio is taken in each round, to the peer that was best in it; its median counts', () => {
  const [figure] = judge([round(1, 2, 9, 1), round(4, 90, 10, 1), round(3, 4, 9, 1)], [target], peers);
  expect(figure?.values).toEqual({ dvs: 3, restic: 4, borg: 9, cp: 1 });
  expect(figure?.verdicts).toEqual([{ target, ratio: 0.5, reached: true }]);
});

test('a figure above its limit is not reached', () => {
  const [figure] = judge([round(1.02, 2, 2, 1)], [target], peers);
  expect(figure?.verdicts).toEqual([{ target, ratio: 0.51, reached: false }]);
});

test('without a peer nothing is said to be reached', () => {
  const [figure] = judge([{ 'add v1': { dvs: 1, cp: 9 } }], [target], peers);
  expect(figure?.verdicts).toEqual([{ target, ratio: undefined, reached: undefined }]);
});

test('one column can be named, and a value can be held against its limit alone', () => {
  const samples = [{ stored: { dvs: 600, restic: 500 } }];
  const toRestic = { step: 'stored', against: 'restic', limit: 1.2 };
  const alone = { step: 'stored', against: undefined, limit: 512 };
  const [figure] = judge(samples, [toRestic, alone]);
  expect(figure?.unit).toBe('MiB');
  expect(figure?.verdicts).toEqual([
    { target: toRestic, ratio: 1.2, reached: true },
    { target: alone, ratio: 600, reached: false },
  ]);
});

test.each([
  ['one at: n = 1,000', 'ns'],
  ['beyond the work: status', 'ms'],
  ['stored', 'MiB'],
  ['fsyncs of add', ''],
  ['add v1', 's'],
])('the unit of %j is %j', (step, unit) => {
  expect(judge([{ [step]: { dvs: 1 } }], [])[0]?.unit).toBe(unit);
});
