import { images } from './corpora/images.js';
import { table } from './corpora/table.js';
import { weights } from './corpora/weights.js';
import { feel } from './rows/feel.js';
import { huge } from './rows/huge.js';
import { leaks } from './rows/leaks.js';
import { permutation } from './rows/permutation.js';
import type { Row } from './rows/row.js';
import { samples } from './rows/samples.js';
import { series } from './rows/series.js';
import { split } from './rows/split.js';
import { startUp } from './rows/start-up.js';
import { syncs } from './rows/syncs.js';
import { tiny } from './rows/tiny.js';
import { twoVersions } from './rows/two-versions.js';

/** Everything that is measured, in the order of the table. */
export const rows: readonly Row[] = [
  twoVersions(weights),
  twoVersions(images),
  twoVersions(table),
  tiny,
  huge,
  series,
  startUp,
  feel,
  syncs,
  samples,
  permutation,
  split,
  leaks,
];
