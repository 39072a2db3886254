import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The published data package whose releases are the series, and which of them, in order. */
export const PACKAGE = 'vega-datasets';
export const VERSIONS: readonly string[] = [
  ...['1.28.0', '1.29.0', '1.30.2', '1.30.4', '1.31.0', '1.31.1', '2.1.0', '2.2.0', '2.3.0', '2.5.1'],
  ...['2.5.3', '2.5.4', '2.7.0', '2.8.0', '2.8.1', '2.9.0', '2.11.0', '3.0.1', '3.1.0', '3.2.1'],
];

/** Where releases are kept between runs: in the user's cache, as other downloads are. */
export function cacheFolder(): string {
  const { XDG_CACHE_HOME = join(homedir(), '.cache') } = process.env;
  return join(XDG_CACHE_HOME, 'dvs-bench', PACKAGE);
}

/** The packed file of one release. */
export function packedRelease(version: string): string {
  return join(cacheFolder(), `${PACKAGE}-${version}.tgz`);
}

/** The releases that `npm run bench:fetch` has not brought yet. */
export function missingReleases(): string[] {
  return VERSIONS.filter((version) => !existsSync(packedRelease(version)));
}
