import { type Command, Option } from 'commander';
import { DvsError } from '../../src/base/errors.js';
import { Order, type OrderOptions, parseOrderReference, type Stretch } from '../../src/flows/order.js';
import { orderBytes } from '../../src/flows/order-npy.js';
import { orderPaths, orderRows } from '../../src/flows/order-rows.js';
import { TAILS, type Tail } from '../../src/ops/shuffle/shards.js';
import { orderView, seenView } from '../../src/wire/order.js';
import type { Dvs } from '../dvs.js';
import { addExamples, wholeNumber } from '../options.js';
import { records } from '../records.js';
import type { Plain, Raw, Report } from '../report.js';
import { map } from '../streams.js';

const FORMATS = ['index', 'key', 'path', 'jsonl', 'npy'] as const;

interface Options extends Omit<OrderOptions, 'tail'> {
  readonly tail?: Tail;
  readonly format?: (typeof FORMATS)[number];
  readonly where?: string;
}

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [
    ['dvs order pets-order --epoch 3 --count 5', 'the first five samples of epoch 3'],
    [
      'dvs order pets-order@3.1200',
      'epoch 3 from position 1200 on, as a training that stopped there needs it',
    ],
    ['dvs order pets-order --rank 1 --world 4 --format path', 'what the second of four workers reads'],
    ['dvs order pets-order --epoch 3 --where cats/7.png', 'when that sample is seen'],
    ['dvs order pets-order --format npy > order.npy', 'for numpy'],
  ])
    .argument('<ref>', 'a permutation; ref@epoch.step begins there')
    .option('--epoch <n>', 'which epoch, from 0 (default: 0)', wholeNumber(0))
    .option('--start <n>', 'begin at this position of the global order', wholeNumber(0))
    .option('--count <n>', 'print this many samples at most', wholeNumber(0))
    .option('--rank <n>', 'only what this worker gets, from 0', wholeNumber(0))
    .option('--world <n>', 'how many workers share the order (default: 1)', wholeNumber(1))
    .addOption(
      new Option('--tail <how>', 'when workers cannot get equally many (default: uneven)').choices(TAILS),
    )
    .addOption(new Option('--format <format>', 'what to print of each (default: index)').choices(FORMATS))
    .addOption(
      new Option(
        '--where <sample>',
        'tell when and by whom this sample (its number, its key, or key:<key>) is seen',
      ).conflicts(['rank', 'count', 'format']),
    )
    .action((text: string, options: Options) =>
      run(async ({ repository, json }) => {
        const order = await Order.open(await repository(), parseOrderReference(text).reference);
        const place = startOf(text, options);
        if (options.where !== undefined) return whereReport(order, options.where, { ...options, ...place });
        assertRank(options);
        const stretch = order.stretch({ ...options, ...place });
        return json
          ? { ...documents(order, stretch), plain: () => [] }
          : output(order, stretch, options.format);
      }),
    );
}

/** Refuses (E_USAGE) to guess which of several workers is meant. */
function assertRank({ rank, world }: Options): void {
  if (rank !== undefined && world === undefined) {
    throw new DvsError('E_USAGE', `worker ${rank} of how many?`, { hint: 'Say it with `--world`.' });
  }
  if (rank !== undefined || world === undefined || world === 1) return;
  throw new DvsError('E_USAGE', `which of the ${world} workers?`, {
    hint: `Say it with \`--rank\`: 0 to ${world - 1}.`,
  });
}

/** Where to begin: at the cursor, unless epoch and start are said; not both. */
function startOf(text: string, { epoch, start }: Options): Pick<OrderOptions, 'epoch' | 'start'> {
  const cursor = parseOrderReference(text);
  if (cursor.epoch === undefined) return { epoch, start };
  if (epoch === undefined && start === undefined) return { epoch: cursor.epoch, start: cursor.step };
  throw new DvsError('E_USAGE', `${text} says already where to begin`, {
    hint: 'Leave --epoch and --start out, or the cursor.',
  });
}

function output(order: Order, stretch: Stretch, format: Options['format'] = 'index'): Plain | Raw {
  if (format === 'npy') return { bytes: orderBytes(stretch) };
  return { ...documents(order, stretch), plain: () => lines(order, stretch, format) };
}

function lines(
  order: Order,
  stretch: Stretch,
  format: 'index' | 'key' | 'path' | 'jsonl',
): AsyncIterable<string> {
  if (format === 'index') return map(stretch.samples(), ({ number }) => `${number}\n`);
  if (format === 'jsonl')
    return map(orderRows(order, stretch), (row) => `${JSON.stringify(orderView(row))}\n`);
  const names =
    format === 'path' ? orderPaths(order, stretch) : map(orderRows(order, stretch), ({ key }) => key);
  return records(
    map(names, (name) => [name]),
    false,
  );
}

function documents(order: Order, stretch: Stretch): Pick<Plain, 'view'> {
  return { view: () => map(orderRows(order, stretch), orderView) };
}

async function whereReport(order: Order, sample: string, options: OrderOptions): Promise<Report> {
  const seen = await order.where(sample, options);
  const { world = 1 } = options;
  return {
    view: () => seen.map(seenView),
    brief: () => seen.map(({ step }) => String(step)),
    text: () =>
      seen.map(({ number, step, rank, turn, padded }) => {
        const again = padded ? ', again to make the workers even' : '';
        const worker = world === 1 ? '' : `, by worker ${rank} of ${world} in its turn ${turn}${again}`;
        return `sample ${number} is seen at position ${step} of epoch ${options.epoch ?? 0}${worker}`;
      }),
  };
}
