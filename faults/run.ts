/**
 * `npm run test:faults`: every way of breaking a store that we have, in full, and the table of
 * `docs/reliability.md` with what was counted.
 *
 *   npm run test:faults -- [--only <row>]… [--scale 1] [--seed 1] [--write]
 */
import { parseArgs } from 'node:util';
import { type Result, writeTable } from './report.js';
import { rows } from './rows.js';

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    scale: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    write: { type: 'boolean', default: false },
  },
});

const chosen = rows.filter(({ name }) => values.only === undefined || values.only.includes(name));
const unknown = (values.only ?? []).filter((name) => !rows.some((row) => row.name === name));
if (unknown.length > 0) {
  console.error(`no row ${unknown.join(', ')}; there are: ${rows.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

const results: Result[] = [];
for (const row of chosen) {
  const start = performance.now();
  console.error(`== ${row.name}: ${row.what}`);
  const outcome = await row.run({
    scale: Number(values.scale),
    seed: Number(values.seed),
    report: (line) => console.error(`   ${line}`),
  });
  const seconds = (performance.now() - start) / 1000;
  results.push({ row, outcome, seconds });
  const counts = Object.entries(outcome.counts).map(([what, count]) => `${count} ${what}`);
  console.log(`${row.name}: ${outcome.skipped ?? counts.join(', ')} (${seconds.toFixed(0)} s)`);
  for (const failure of outcome.failures) console.log(`  FAILED ${failure}`);
}
if (values.write && Number(values.scale) === 1) writeTable(results);
else if (values.write) console.error('only whole rows (--scale 1) are written down');

const held = results.filter(({ outcome }) => outcome.failures.length === 0).length;
console.log(`${held} passed, ${results.length - held} failed`);
process.exitCode = held === results.length ? 0 : 1;
