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
  what: 'SIGKILL of `dvs add`, `tag` and `checkout` at random instants',
  figure:
    'what was acknowledged is there and reads back equal; names, files and dvs.lock are old or new; the next command works',
  run: (options) =>
    inFolder(async (folder) => {
      const failures: string[] = [];
      const each = Math.ceil(scaled(KILLS, options) / LANES);
      const lanes = Array.from({ length: LANES }, (_, i) => {
        const root = join(folder, `${i}`);
        makeFolders(root);
        return new Lane(root, new Random(options.seed + i));
      });
      const done = () => lanes.reduce((sum, lane) => sum + lane.kills, 0);
      const fail = (i: number, found: readonly string[]): void => {
        failures.push(...found.map((failure) => `seed ${options.seed}, lane ${i}, ${failure}`));
      };
      await Promise.all(
        lanes.map(async (lane, i) => {
          await lane.begin();
          while (lane.kills < each) {
            fail(i, await lane.kill());
            if (lane.kills % 50 === 0) options.report(`${done()} kills`);
          }
          fail(i, await lane.check());
        }),
      );
      return {
        counts: {
          kills: done(),
          'that came after a change': lanes.reduce((sum, lane) => sum + lane.late, 0),
          'versions read back at the end': lanes.reduce((sum, lane) => sum + lane.ledger.size, 0),
        },
        failures,
      };
    }),
};
