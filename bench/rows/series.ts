import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { scaled } from '../corpora/corpus.js';
import { type Figure, judge, type Target } from '../figure.js';
import { bytesIn } from '../files.js';
import { measure } from '../measure.js';
import { assertRestored, makePlace } from '../place.js';
import { missingReleases, PACKAGE, packedRelease, VERSIONS } from '../releases.js';
import { inRounds, type Turn } from '../rounds.js';
import { inScratch } from '../scratch.js';
import type { Tool } from '../tools/tool.js';
import { peersAmong } from '../tools.js';
import { warm } from '../warm.js';
import type { Row, RowOptions, Skipped } from './row.js';

const MIB = 2 ** 20;
const OWN_MEMORY = 256 * MIB;

const TARGETS: readonly Target[] = [
  { step: 'stored', against: 'best peer', limit: 1.1 },
  { step: 'peak memory', against: undefined, limit: 512 },
];

export const series: Row = {
  name: 'series',
  what: `${VERSIONS.length} releases of the npm package ${PACKAGE}, each added in place of the one before; seconds for all of them`,
  run: (options) => inScratch((root) => runIn(root, options)),
};

async function runIn(root: string, options: RowOptions): Promise<Figure[] | Skipped> {
  if (missingReleases().length > 0) return { skipped: '`npm run bench:fetch` brings the releases' };
  const folders: string[] = [];
  for (const version of VERSIONS.slice(0, scaled(VERSIONS.length, options.scale, 2))) {
    const folder = join(root, version);
    mkdirSync(folder);
    const args = ['-xzf', packedRelease(version), '--strip-components=1'];
    await measure({ file: 'tar', args, cwd: folder });
    folders.push(folder);
  }
  const bytes = folders.reduce((sum, folder) => sum + bytesIn(folder), 0);
  options.report(`${(bytes / MIB).toFixed(0)} MiB in ${folders.length} releases`);
  const keepers = options.tools.filter(({ keeps }) => keeps !== 'a copy');
  const samples = await inRounds(options, keepers, (tool) => takeTurn(tool, join(root, 'turn'), folders));
  return judge(samples, TARGETS, peersAmong(options.tools));
}

async function takeTurn(tool: Tool, root: string, releases: readonly string[]): Promise<Turn> {
  const place = makePlace(root);
  let seconds = 0;
  let peakMiB = 0;
  for (const command of tool.init(place)) await measure(command);
  for (const [i, release] of releases.entries()) {
    renameSync(release, place.data);
    warm(root, bytesIn(place.data) + OWN_MEMORY);
    const added = await measure(tool.add(place, i + 1));
    seconds += added.seconds;
    peakMiB = Math.max(peakMiB, added.peakMiB);
    if (i === releases.length - 1) {
      await measure(tool.checkout(place, releases.length));
      assertRestored(tool, place);
    }
    renameSync(place.data, release);
  }
  const stored = bytesIn(tool.stored(place)) / MIB;
  rmSync(root, { recursive: true });
  return { 'add all': seconds, stored, ...(tool.steps === undefined ? { 'peak memory': peakMiB } : {}) };
}
