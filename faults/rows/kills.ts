import { join } from 'node:path';
import { inFolder, makeFolders } from '../files.js';
import { Lane } from '../kills/lane.js';
import { Random } from '../random.js';
import { type Row, scaled } from '../row.js';

const KILLS = 1_000;
/** Workspaces side by side. */
const LANES = 2;

export const kills: Row = {
  name: 'kills',
  what: 'SIGKILL of `dvs add`, `tag`, `checkout --link`, `put`, `rm` and `mv` at random instants',
  figure:
    'what was acknowledged is there and reads back equal; names, files and dvs.lock are old or new; the next command works',
  run: (options) =>
    inFolder(async (folder) => {
      const failures: string[] = [];
      const each = Math.ceil(scaled(KILLS, options) / LANES);
      const lanes: Lane[] = [];
      const sum = (count: (lane: Lane) => number) => lanes.reduce((total, lane) => total + count(lane), 0);
      const work = async (i: number): Promise<void> => {
        const root = join(folder, `${i}`);
        makeFolders(root);
        const lane = await Lane.begin(root, new Random(options.seed + i));
        lanes.push(lane);
        const found: string[] = [];
        // After the first failure nothing that follows says more.
        while (lane.kills < each && found.length === 0) {
          found.push(...(await lane.kill()));
          if (lane.kills % 50 === 0) options.report(`${sum(({ kills }) => kills)} kills`);
        }
        found.push(...(await lane.check()));
        failures.push(...found.map((failure) => `seed ${options.seed}, lane ${i}, ${failure}`));
      };
      await Promise.all(Array.from({ length: LANES }, (_, i) => work(i)));
      return {
        counts: {
          kills: sum(({ kills }) => kills),
          'that came after a change': sum(({ late }) => late),
          'versions read back at the end': sum(({ versions }) => versions),
        },
        failures,
      };
    }),
};
