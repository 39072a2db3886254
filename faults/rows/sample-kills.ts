import { inFolder } from '../files.js';
import { Twins } from '../kills/twins.js';
import { Random } from '../random.js';
import { type Row, scaled } from '../row.js';

const KILLS = 500;

export const sampleKills: Row = {
  name: 'sample-kills',
  what: 'SIGKILL of `dvs samples`, `split`, `shuffle`, `leaks` and `checkout` of a part at random instants',
  figure:
    'names and files are as before or as in a workspace where nothing was killed; the same command again ends as there, and all reads alike',
  run: (options) =>
    inFolder(async (folder) => {
      const wanted = scaled(KILLS, options);
      const twins = await Twins.begin(folder, new Random(options.seed));
      const failures: string[] = [];
      // After the first failure nothing that follows says more.
      while (twins.kills < wanted && failures.length === 0) {
        failures.push(...(await twins.kill()));
        if (twins.kills % 50 === 0) options.report(`${twins.kills} kills`);
      }
      failures.push(...(await twins.check()));
      return {
        counts: { kills: twins.kills, 'that came after a change': twins.late },
        failures: failures.map((failure) => `seed ${options.seed}, ${failure}`),
      };
    }),
};
