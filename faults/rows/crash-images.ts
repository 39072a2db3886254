import { rmSync } from 'node:fs';
import { explore } from '../crash/explore.js';
import { load, record } from '../crash/recording.js';
import { scenario, shortScenario } from '../crash/scenario.js';
import { Random } from '../random.js';
import { type Row, scaled } from '../row.js';
import { scratch } from '../scratch.js';

/** Runs of all commands, each on other data and killed at other places. */
const RECORDINGS = 3;
/** Below this only the short scenario is recorded. */
const SHORT = 0.05;

/** Records every write, fsync and rename of all commands; builds what a power cut can leave; opens each of it. */
export const crashImages: Row = {
  name: 'crash-images',
  what: 'power fails before, during and after every call that writes; what was not synced is kept, lost, torn or zeroed',
  figure:
    'every acknowledged commit verifies, names are old or new, and the next add and checkout work; a file that was being checked out is old or new, or where the file system renames before it writes, comes back with --force',
  async run({ scale, seed, report }) {
    const counts = { 'crash points': 0, images: 0, 'images worked on': 0, 'files that lost bytes': 0 };
    const failures: string[] = [];
    const recordings = scaled(RECORDINGS, { scale });
    for (let i = 0; i < recordings; i++) {
      const folder = scratch('dvs-recording-');
      try {
        const own = seed + i;
        await record(folder, (scale < SHORT ? shortScenario : scenario)(new Random(own)));
        const recording = await load(folder);
        const points = recording.journal.length;
        const step = Math.max(1, Math.round(recordings / (RECORDINGS * scale)));
        const expedition = { seed: own, first: 0, step, random: 5, workOnOneIn: 25 };
        const found = await explore(recording, expedition, report);
        counts['crash points'] += found.points;
        counts.images += found.images;
        counts['images worked on'] += found.workedOn;
        counts['files that lost bytes'] += found.tornFiles;
        failures.push(...found.failures);
        report(`recording ${i + 1} of ${recordings}, ${points} calls: ${found.images} images`);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
    return { counts, failures };
  },
};
