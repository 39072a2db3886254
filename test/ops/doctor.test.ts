import { expect, test } from 'vitest';
import { DvsError } from '#src/base/errors.js';
import { type Check, ok, type Patient } from '#src/ops/doctor/check.js';
import { examine } from '#src/ops/doctor/run.js';
import { makeConfig } from '#src/workspace/settings/config.js';

const patient: Patient = {
  tool: { name: 'dvs', version: '0' },
  clock: () => 0,
  cwd: '/',
  workspace: undefined,
  store: undefined,
  config: Promise.resolve(makeConfig([])),
  userConfig: undefined,
  bench: undefined,
};

async function found(...checks: Check[]): Promise<string[]> {
  const all: string[] = [];
  for await (const { check, health, what } of examine(patient, checks))
    all.push(`${check} ${health}: ${what}`);
  return all;
}

test('a check that cannot look is a problem, and the others still look', async () => {
  const broken: Check = {
    name: 'broken',
    async *run() {
      yield ok('so far');
      throw new DvsError('E_IO', 'it broke');
    },
  };
  const fine: Check = {
    name: 'fine',
    async *run() {
      yield ok('all');
    },
  };
  expect(await found(broken, fine)).toEqual([
    'broken ok: so far',
    'broken problem: it broke',
    'fine ok: all',
  ]);
});

test('a check that never ends is left, with what it had found', async () => {
  const endless: Check = {
    name: 'endless',
    async *run() {
      yield ok('so far');
      await new Promise(() => {});
    },
  };
  expect(await found(endless)).toEqual([
    'endless ok: so far',
    expect.stringMatching(/^endless note: looking took longer than \d+ ms/),
  ]);
});
