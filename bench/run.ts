/**
 * `npm run bench`: dvs against the peers that are installed, whole processes, in one run. Every figure is the
 * median over rounds; in a round the tools take turns, so that a slow moment of the machine hits all.
 *
 *   npm run bench -- [--rounds 5] [--scale 1] [--json]
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Corpus, corpora } from './corpora.js';
import { type Measured, measure, median } from './process.js';
import { startUp } from './start-up.js';
import { dvs, installedPeers, type Place, type Tool } from './tools.js';

const STEPS = ['add', 'add again', 'checkout'] as const;
type Step = (typeof STEPS)[number];

interface Row {
  readonly corpus: string;
  readonly step: Step;
  /** Median seconds by tool. */
  readonly seconds: Record<string, number>;
  /** Median over rounds of dvs against the faster peer of the same round. */
  readonly ratio: number | undefined;
  readonly peakMiB: number;
}

async function round(tool: Tool, corpus: string, place: Place): Promise<Record<Step, Measured>> {
  for (const folder of [place.repository, place.restored]) rmSync(folder, { recursive: true, force: true });
  for (const own of ['.dvs', 'dvs.lock', 'dvs.toml'])
    rmSync(join(place.work, own), { recursive: true, force: true });
  mkdirSync(place.restored);
  warm(join(place.work, 'data'));
  await measure(tool.init(place));
  const add = await measure(tool.add(place, 1));
  const again = await measure(tool.add(place, 2));
  const checkout = await measure(tool.checkout(place));
  assertRestored(tool, corpus, place);
  return { add, 'add again': again, checkout };
}

/** Reads everything once, so that no tool pays for the disk. */
function warm(folder: string): void {
  for (const item of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (item.isFile()) readFileSync(join(item.parentPath, item.name));
  }
}

function assertRestored(tool: Tool, corpus: string, { work, restored }: Place): void {
  const sum = (folder: string): number =>
    readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((item) => item.isFile())
      .reduce((bytes, item) => bytes + statSync(join(item.parentPath, item.name)).size, 0);
  if (sum(join(work, 'data')) === sum(join(restored, 'data'))) return;
  throw new Error(`${tool.name} did not restore all of ${corpus}`);
}

async function bench(corpus: Corpus, tools: readonly Tool[], rounds: number): Promise<Row[]> {
  const root = mkdtempSync(join(tmpdir(), 'dvs-bench-'));
  const place = {
    work: join(root, 'work'),
    repository: join(root, 'repository'),
    restored: join(root, 'restored'),
  };
  try {
    mkdirSync(join(place.work, 'data'), { recursive: true });
    corpus.make(join(place.work, 'data'));
    const runs: Record<string, Record<Step, Measured>>[] = [];
    for (let i = 0; i < rounds; i++) {
      const results: Record<string, Record<Step, Measured>> = {};
      // Whoever goes first finds the machine in another state, so the first place goes round.
      for (let t = 0; t < tools.length; t++) {
        const tool = tools[(i + t) % tools.length];
        if (tool !== undefined) results[tool.name] = await round(tool, corpus.name, place);
      }
      runs.push(results);
    }
    return STEPS.map((step) => summarise(corpus.name, step, tools, runs));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function summarise(
  corpus: string,
  step: Step,
  tools: readonly Tool[],
  runs: readonly Record<string, Record<Step, Measured>>[],
): Row {
  const secondsOf = (tool: string): number[] => runs.map((run) => run[tool]?.[step].seconds ?? Number.NaN);
  const peers = tools.filter(({ name }) => name !== dvs.name);
  const ratios = runs.map((_, i) => {
    const fastest = Math.min(...peers.map(({ name }) => secondsOf(name)[i] ?? Number.NaN));
    return (secondsOf(dvs.name)[i] ?? Number.NaN) / fastest;
  });
  return {
    corpus,
    step,
    seconds: Object.fromEntries(tools.map(({ name }) => [name, median(secondsOf(name))])),
    ratio: peers.length === 0 ? undefined : median(ratios),
    peakMiB: Math.max(...runs.map((run) => run[dvs.name]?.[step].peakMiB ?? 0)),
  };
}

function print(rows: readonly Row[], tools: readonly Tool[]): void {
  const head = [
    'corpus',
    'step',
    ...tools.map(({ name }) => `${name} s`),
    'dvs / faster peer',
    'dvs peak MiB',
  ];
  console.log(`| ${head.join(' | ')} |\n|${' --- |'.repeat(head.length)}`);
  for (const { corpus, step, seconds, ratio, peakMiB } of rows) {
    const times = tools.map(({ name }) => (seconds[name] ?? Number.NaN).toFixed(2));
    const cells = [corpus, step, ...times, ratio?.toFixed(2) ?? 'no peer', peakMiB.toFixed(0)];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    scale: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const tools = [dvs, ...installedPeers()];
const rows: Row[] = [];
for (const corpus of corpora(Number(values.scale))) {
  console.error(
    `${corpus.name}: ${corpus.what}; ${values.rounds} rounds of ${tools.map(({ name }) => name).join(', ')}`,
  );
  rows.push(...(await bench(corpus, tools, Number(values.rounds))));
}
const start = await startUp(Number(values.rounds) * 4);
if (values.json) console.log(JSON.stringify({ rows, start }, null, 2));
else {
  print(rows, tools);
  console.log(
    `\ndvs resolve: ${start.resolve.toFixed(3)} s, node -e 0: ${start.node.toFixed(3)} s, ratio ${start.ratio.toFixed(2)}`,
  );
}
