/**
 * What `rows/samples` measures, in a process of its own: goes through a text in memory as samples of it are looked for.
 *
 *   node scan-text.js lines|keys|csv <mebibytes or rows>
 *
 * Prints the seconds a GB and the largest resident size in MiB, as JSON.
 */
import { hash } from 'node:crypto';
import type { Batch, InputFile, SampleReader } from '../src/ops/samples/reader.js';
import { csv } from '../src/ops/samples/readers/csv.js';
import { lines } from '../src/ops/samples/readers/lines.js';
import { Seeded } from './seeded.js';

const BLOCK = 2 ** 20;
/** As large as what comes from a store. */
const PIECE = 2 ** 16;

interface Trial {
  readonly reader: SampleReader;
  readonly path: string;
  readonly wantsBytes: boolean;
  line(random: Seeded): string;
  use(batch: Batch): void;
  /** How many blocks there are for the second argument. */
  blocks(size: number, linesOfBlock: number): number;
}

const ofLines = {
  reader: lines,
  path: 'a.txt',
  blocks: (mebibytes: number) => mebibytes,
} as const;

const TRIALS: Readonly<Record<string, Trial>> = {
  lines: {
    ...ofLines,
    wantsBytes: false,
    line: (random) => 'x'.repeat(20 + random.below(181)),
    use: places,
  },
  keys: {
    ...ofLines,
    wantsBytes: true,
    line: (random) => 'x'.repeat(190 + random.below(21)),
    use(batch) {
      for (let i = 0; i < batch.length; i++) hash('sha256', batch.bytes(i), 'hex');
    },
  },
  csv: {
    reader: csv,
    path: 'a.csv',
    wantsBytes: false,
    line: (random) =>
      `${random.below(1e9)},${random.below(1e6)},"name, ${random.below(1000)}",0.${random.below(1e6)}`,
    use: places,
    blocks: (rows, linesOfBlock) => Math.ceil(rows / linesOfBlock),
  },
};

const [name = '', size = ''] = process.argv.slice(2);
const trial = TRIALS[name];
if (trial === undefined) throw new Error(`there is no ${name}`);
console.log(JSON.stringify(await run(trial, Number(size))));

function places(batch: Batch): void {
  for (let i = 0; i < batch.length; i++) batch.place(i);
}

async function run({ reader, path, wantsBytes, line, use, blocks }: Trial, size: number) {
  const random = new Seeded(3);
  const made: string[] = [];
  for (let length = 0; length < BLOCK; length += made.at(-1)?.length ?? 0) made.push(`${line(random)}\n`);
  const file = repeated(path, Buffer.from(made.join('')), blocks(size, made.length));
  const source = { files: [file] };
  const open = await reader.open(source, await reader.settle({ delimiter: ',' }, source));
  const start = performance.now();
  for await (const batch of open.scan({ bytes: wantsBytes, columns: [] })) use(batch);
  const seconds = (performance.now() - start) / 1000;
  return { secondsOfGB: (seconds / file.bytes.size) * 1e9, peakMiB: process.resourceUsage().maxRSS / 1024 };
}

/** A file of a block many times over, which has to be in memory once. */
function repeated(path: string, block: Uint8Array, times: number): InputFile {
  return {
    path,
    bytes: {
      size: block.length * times,
      async *stream() {
        for (let i = 0; i < times; i++) {
          for (let at = 0; at < block.length; at += PIECE) yield block.subarray(at, at + PIECE);
        }
      },
      range: () => Promise.reject(new Error('nothing is read but from the beginning')),
    },
  };
}
