/**
 * `npm run bench`: dvs against the tools that are installed, whole processes, in one run. Every figure is the
 * median over rounds; in a round the tools take turns.
 *
 *   npm run bench -- [--only <row>]… [--rounds 5] [--scale 1] [--json <file>] [--write]
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { json, writeDocument } from './document.js';
import { makeReport, markdown, type Result } from './report.js';
import { rows } from './rows.js';
import { tools } from './tools.js';

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '5' },
    scale: { type: 'string', default: '1' },
    json: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});

const unknown = (values.only ?? []).filter((name) => !rows.some((row) => row.name === name));
if (unknown.length > 0) {
  console.error(`no row ${unknown.join(', ')}; there are: ${rows.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
if (values.write && values.scale !== '1') {
  console.error('figures below the full size say too little to be written down');
  process.exit(2);
}
const options = {
  rounds: Number(values.rounds),
  scale: Number(values.scale),
  tools: tools.filter((tool) => tool.version() !== undefined),
  report: (line: string) => console.error(`   ${line}`),
};
const results: Result[] = [];
for (const row of rows.filter(({ name }) => values.only?.includes(name) ?? true)) {
  console.error(`== ${row.name}: ${row.what}`);
  results.push([row, await row.run(options)]);
}
const report = makeReport(options, results);
console.log(markdown(report));
if (values.json !== undefined) writeFileSync(values.json, json(report));
if (values.write) {
  const names = rows.map(({ name }) => name);
  writeDocument(report, names);
}
