import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { judge, type Sample, type Target } from '../figure.js';
import { versionOf } from '../tools/installed.js';
import type { Row } from './row.js';

const SCAN = fileURLToPath(new URL('../scan-text.js', import.meta.url));
const MEBIBYTES = 256;
const ROWS = 10_000_000;

const INDEX = 'index 1 GB of lines of 20 to 200 bytes';
const KEYS = 'hash the keys of 1 GB of lines of 200 bytes';
const MEMORY = 'peak memory';

/** 500 and 150 MB/s; MiB of memory. */
const TARGETS: readonly Target[] = [
  { step: INDEX, against: undefined, limit: 2 },
  { step: KEYS, against: undefined, limit: 1000 / 150 },
  { step: MEMORY, against: undefined, limit: 512 },
];

export const samples: Row = {
  name: 'samples',
  what: 'finding samples in text that is in memory, in pieces of 64 KiB, on one core; memory for a CSV of 10,000,000 rows',
  async run({ rounds, scale, report }) {
    if (versionOf('taskset', '--version') === undefined) return { skipped: 'there is no taskset' };
    const measured: Sample[] = [];
    for (let i = 0; i < rounds; i++) {
      const index = scan('lines', MEBIBYTES * scale);
      const keys = scan('keys', MEBIBYTES * scale);
      const csv = scan('csv', ROWS * scale);
      report(
        `round ${i + 1}: index ${index.secondsOfGB.toFixed(2)}, keys ${keys.secondsOfGB.toFixed(2)} s a GB; CSV ${csv.secondsOfGB.toFixed(2)} s a GB in ${csv.peakMiB.toFixed(0)} MiB`,
      );
      measured.push({
        [INDEX]: { dvs: index.secondsOfGB },
        [KEYS]: { dvs: keys.secondsOfGB },
        [MEMORY]: { dvs: csv.peakMiB },
      });
    }
    return judge(measured, TARGETS);
  },
};

interface Scanned {
  readonly secondsOfGB: number;
  readonly peakMiB: number;
}

/** In a process of its own, on one core, so that no other thread helps. */
function scan(what: string, size: number): Scanned {
  const args = ['--cpu-list', '0', process.execPath, SCAN, what, String(Math.max(1, Math.round(size)))];
  const scanned: Scanned = JSON.parse(execFileSync('taskset', args, { encoding: 'utf8' }));
  return scanned;
}
