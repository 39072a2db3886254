import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalBackend } from '../../src/backend/local.js';
import { MemoryBackend } from '../../src/backend/memory.js';
import { Store } from '../../src/store/store.js';
import { flipByCommand } from '../bits/by-command.js';
import { Flips } from '../bits/flips.js';
import { questionsOf } from '../bits/questions.js';
import { Recorder } from '../bits/recorder.js';
import { makeSmallStore } from '../bits/small-store.js';
import { Random } from '../random.js';
import { type Row, type RowOptions, scaled } from '../row.js';

/** Flips that are also tried on the command line, whose processes take most of the time. */
const BY_COMMAND = 200;
const REPORT_EVERY = 50_000;

export const everyBit: Row = {
  name: 'every-bit',
  what: 'each bit of a store of 64 KiB flipped, one at a time; some of them also on the command line',
  figure: '`verify` finds each; `resolve`, `ls`, `cat` and `checkout` give what is right or a typed error',
  async run(options) {
    const folder = mkdtempSync(join(tmpdir(), 'dvs-faults-'));
    try {
      return await flipAll(folder, options);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function flipAll(folder: string, options: RowOptions) {
  const root = join(folder, 'workspace');
  const [first, ...others] = await makeSmallStore(root);
  if (first === undefined) throw new Error('a store without a version');
  const files = await truth(root);
  const recorder = new Recorder(await inMemory(files));
  const store = await Store.open({
    backend: recorder,
    catalogueDir: join(folder, 'catalogue'),
    scratchDir: join(folder, 'scratch'),
  });
  const random = new Random(options.seed);
  try {
    await store.refresh();
    const flips = await Flips.of(store, recorder, questionsOf(store, recorder, [first, ...others]));
    // A share of them: one bit of each stretch of that many.
    const stride = Math.max(1, Math.round(1 / options.scale));
    for (const [key, intact] of files) {
      for (let start = 0; start < 8 * intact.length; start += stride) {
        const bit = Math.min(start + random.int(stride), 8 * intact.length - 1);
        await flips.flip(key, intact, bit);
        if (flips.counts.flips % REPORT_EVERY === 0) options.report(`${flips.counts.flips} flips`);
      }
    }
    const failures = [...flips.failures];
    const all = [...files];
    const byCommand = scaled(BY_COMMAND, options);
    for (let i = 0; i < byCommand; i++) {
      const [key, intact] = all[i % all.length] ?? ['format', Buffer.alloc(1)];
      const bit = random.int(8 * intact.length);
      failures.push(...(await flipByCommand(root, [first, ...others], { key, bit, random })));
    }
    const bytes = all.reduce((sum, [, intact]) => sum + intact.length, 0);
    const { found, asked, refused } = flips.counts;
    const counts = {
      bytes,
      flips: flips.counts.flips,
      'found by verify': found,
      'questions that read the bit': asked,
      refused,
      'also on the command line': byCommand,
    };
    return { counts, failures };
  } finally {
    await store.close();
  }
}

/** Every file of the store by its key: what lies beside them is no part of it, and made again. */
async function truth(root: string): Promise<Map<string, Buffer>> {
  const backend = new LocalBackend(join(root, '.dvs'));
  const files = new Map<string, Buffer>();
  for await (const { key } of backend.list('')) {
    if (!/^(?:format$|log\/|packs\/)/.test(key)) continue;
    files.set(key, Buffer.from((await backend.read(key)) ?? []));
  }
  return files;
}

async function inMemory(files: ReadonlyMap<string, Buffer>): Promise<MemoryBackend> {
  const backend = new MemoryBackend();
  for (const [key, bytes] of files) await backend.create(key, bytes);
  return backend;
}
