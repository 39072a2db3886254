import { images } from './corpora/images.js';
import { table } from './corpora/table.js';
import { weights } from './corpora/weights.js';
import type { Row } from './rows/row.js';
import { startUp } from './rows/start-up.js';
import { twoVersions } from './rows/two-versions.js';

/** Everything that is measured, in the order of the table. */
export const rows: readonly Row[] = [twoVersions(weights), twoVersions(images), twoVersions(table), startUp];
