/** `npm run bench:fetch`: brings the releases of the row `series` into the cache, once. Needs the network. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { cacheFolder, missingReleases, PACKAGE } from './releases.js';

const folder = cacheFolder();
mkdirSync(folder, { recursive: true });
for (const version of missingReleases()) {
  console.log(`${PACKAGE} ${version}`);
  const packed = spawnSync(
    'npm',
    ['pack', '--silent', `${PACKAGE}@${version}`, '--pack-destination', folder],
    {
      stdio: 'inherit',
    },
  );
  if (packed.status !== 0) {
    console.error(
      `${PACKAGE} ${version} could not be fetched; without all releases the row series is left out`,
    );
    process.exit(1);
  }
}
console.log('all releases are in the cache');
