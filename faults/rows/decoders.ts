import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { decoders } from '../decoders/decoders.js';
import { type Outcome, type Row, type RowOptions, scaled } from '../row.js';

const CHILD = fileURLToPath(new URL('../decoders/child.js', import.meta.url));
const RUNS = 1_000_000;
const MOST_MEBIBYTES = 256;
/** Nothing that is refused or read within these is a hang. */
const SLOWEST_MS = 2_000;
const LIMIT_MS = 30 * 60_000;

export const decodersRow: Row = {
  name: 'decoders',
  what: `${RUNS.toLocaleString('en')} arbitrary and mutated inputs for each decoder: ${decoders.map(({ name }) => name).join(', ')}`,
  figure: 'a typed error, or a value that gives the same bytes; no crash, no hang, at most 256 MiB',
  async run(options) {
    const runs = scaled(RUNS, options);
    const counts = { decoders: 0, inputs: 0, refused: 0, 'read and written back': 0, 'MiB at most': 0 };
    const failures: string[] = [];
    for (const { name } of decoders) {
      const tried = await inChild(name, runs, options);
      if (typeof tried === 'string') {
        failures.push(tried);
        continue;
      }
      counts.decoders++;
      counts.inputs += tried.runs;
      counts.refused += tried.refused;
      counts['read and written back'] += tried.accepted;
      counts['MiB at most'] = Math.max(counts['MiB at most'], tried.mebibytes);
      if (tried.failure !== undefined) failures.push(tried.failure);
      if (tried.mebibytes > MOST_MEBIBYTES) failures.push(`${name}: took ${tried.mebibytes} MiB`);
      if (tried.slowestMs > SLOWEST_MS) failures.push(`${name}: one input took ${tried.slowestMs} ms`);
      if (tried.accepted === 0 || tried.refused === 0) failures.push(`${name}: all inputs had one outcome`);
      options.report(
        `${name}: ${tried.runs} inputs, ${tried.accepted} read, slowest ${tried.slowestMs.toFixed(1)} ms`,
      );
    }
    return { counts, failures } satisfies Outcome;
  },
};

interface Tried {
  readonly runs: number;
  readonly accepted: number;
  readonly refused: number;
  readonly slowestMs: number;
  readonly failure?: string;
  readonly mebibytes: number;
}

async function inChild(name: string, runs: number, { seed }: RowOptions): Promise<Tried | string> {
  const child = spawn(process.execPath, [CHILD, name, String(runs), String(seed)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  const ended = once(child, 'close');
  const printed = await text(child.stdout);
  const [code, signal]: unknown[] = await ended;
  if (code !== 0) return `${name}: the process ended with ${String(signal ?? code)}; seed ${seed}`;
  return JSON.parse(printed);
}
