import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { judge, type Sample } from '../figure.js';
import type { Row } from './row.js';

const PERMUTE = fileURLToPath(new URL('../permute.js', import.meta.url));

/** Those above a power of two are the slowest: half of all turns of the walk end beyond n. */
const SIZES = [1000, 1001, 65_537, 1_000_003, 2 ** 32 + 1, 2 ** 52 + 1, 2 ** 53];
const CALLS = 1_000_000;
/** Six million a second. */
const MOST_NS = 1000 / 6;

const stepOf = (n: number): string => `one at: n = ${n.toLocaleString('en')}`;

export const permutation: Row = {
  name: 'permutation',
  what: 'how long it takes to find one place of a shuffled order of n',
  run: async ({ rounds, scale, report }) => {
    const calls = Math.max(1000, Math.round(CALLS * scale));
    const samples = Array.from({ length: rounds }, (_, round) => {
      const taken = inProcess(calls);
      report(`round ${round + 1}: ${taken.map((ns) => ns.toFixed(0)).join(', ')} ns`);
      return sampleOf(taken);
    });
    return judge(
      samples,
      SIZES.map((n) => ({ step: stepOf(n), against: undefined, limit: MOST_NS })),
    );
  },
};

function inProcess(calls: number): number[] {
  const args = [PERMUTE, calls, ...SIZES].map(String);
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}

function sampleOf(taken: readonly number[]): Sample {
  return Object.fromEntries(
    SIZES.map((n, i) => {
      const ns = taken[i] ?? Number.NaN;
      return [stepOf(n), { dvs: ns, 'million a second': 1000 / ns }];
    }),
  );
}
