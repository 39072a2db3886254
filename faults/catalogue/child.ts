/**
 * Damages catalogues and asks, in a process of its own, because one that hangs or ends is a fault as well:
 * `child.js <folder> <seed> <first round> <rounds>`. Prints a line of JSON for each round when it begins and when it is over.
 */
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeSmallStore } from '../bits/small-store.js';
import { Random } from '../random.js';
import { answers } from './answers.js';
import { harmOne } from './harm.js';
import type { Round } from './round.js';

const [folder = '', ...numbers] = process.argv.slice(2);
const [seed = 0, first = 0, rounds = 0] = numbers.map(Number);
const root = join(folder, 'workspace');
const catalogue = join(root, '.dvs', 'catalogue');
const intact = join(folder, 'catalogue');

const versions = await makeSmallStore(root);
cpSync(catalogue, intact, { recursive: true });
const right = await answers(root, versions);

for (let round = first; round < first + rounds; round++) {
  rmSync(catalogue, { recursive: true, force: true });
  cpSync(intact, catalogue, { recursive: true });
  const done = harmOne(catalogue, new Random(seed * 1_000_003 + round));
  tell({ round, done, over: false });
  tell({ round, done, over: true, ...(await difference()) });
}

async function difference(): Promise<{ wrong?: string }> {
  try {
    const given = await answers(root, versions);
    const at = right.findIndex((line, i) => line !== given[i]);
    if (at < 0 && given.length === right.length) return {};
    return { wrong: `${given[at]} instead of ${right[at]}` };
  } catch (error) {
    return { wrong: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function tell(round: Round): void {
  process.stdout.write(`${JSON.stringify(round)}\n`);
}
