import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dvsOk } from '../dvs.js';
import { filesIn, inFolder, makeFolders } from '../files.js';
import { type Load, makeTemplate, roomFor, tryAdd, tryCheckout } from '../full-disk/small-disk.js';
import { whyNoMounts } from '../mount.js';
import { Random } from '../random.js';
import { type Row, type RowOptions, scaled } from '../row.js';

const SIZES = 100;
const SMALLEST_KIB = 64;
const LARGEST_KIB = 14 * 1024;
/** So that it does not fit on the largest. */
const LARGE_FILES = [6_000_000, 4_000_000];
const SMALL_FILES = 180;
const SMALL_SIZE = 28_000;

export const fullDisk: Row = {
  name: 'full disk',
  what: '`dvs add` and `checkout` on disks with 64 KiB to 14 MiB of room, and reading when nothing is left of it',
  figure:
    'done, or E_NOSPC and as before; all that reads goes on working; the same command works once there is room',
  async run(options) {
    const skipped = whyNoMounts();
    if (skipped !== undefined) return { counts: {}, failures: [], skipped };
    return inFolder(async (folder) => {
      const disk = join(folder, 'disk');
      const store = join(folder, 'store');
      makeFolders(disk, store);
      const load = await makeLoad(store, new Random(options.seed));

      const root = join(folder, 'template');
      const template = { root, id: await makeTemplate(root) };

      const counts = { sizes: 0, 'adds without room': 0, 'checkouts without room': 0 };
      const failures: string[] = [];
      for (const kib of sizes(await roomFor(root, disk, load), options)) {
        const added = await tryAdd(template, disk, kib, load);
        const brought = await tryCheckout(store, disk, kib, load);
        counts.sizes++;
        if (added.wasFull) counts['adds without room']++;
        if (brought.wasFull) counts['checkouts without room']++;
        if (kib <= LARGEST_KIB && !(added.wasFull && brought.wasFull))
          failures.push(`${kib} KiB: no E_NOSPC`);
        for (const failure of [...added.failures, ...brought.failures]) {
          options.report(`${kib} KiB: ${failure}`);
          failures.push(`seed ${options.seed}, ${kib} KiB: ${failure}`);
        }
        if (counts.sizes % 10 === 0) options.report(`${counts.sizes} sizes`);
      }
      return { counts, failures };
    });
  },
};

/** Half of them between the smallest and the largest, half about what is just enough: where an add ends. */
function sizes(enough: number, options: RowOptions): number[] {
  const half = Math.ceil(scaled(SIZES, options) / 2);
  const ratio = LARGEST_KIB / SMALLEST_KIB;
  const wide = Array.from({ length: half }, (_, i) => SMALLEST_KIB * ratio ** (i / Math.max(1, half - 1)));
  const near = Array.from({ length: half }, (_, i) => enough - 200 + (300 * i) / half);
  return [...wide, ...near].map(Math.round);
}

/** What does not fit, in a workspace that has it. */
async function makeLoad(store: string, random: Random): Promise<Load> {
  const folder = join(store, 'big');
  mkdirSync(folder);
  for (const [i, size] of LARGE_FILES.entries())
    writeFileSync(join(folder, `large-${i}`), random.bytes(size));
  for (let i = 0; i < SMALL_FILES; i++) writeFileSync(join(folder, `${i}`), random.bytes(SMALL_SIZE));
  await dvsOk(store, ['init', '-q']);
  const id = (await dvsOk(store, ['add', 'big', '-q'])).trim();
  return { folder, files: filesIn(folder), id };
}
