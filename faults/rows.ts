import type { Row } from './row.js';
import { catalogueDamage } from './rows/catalogue-damage.js';
import { crashImages } from './rows/crash-images.js';
import { decodersRow } from './rows/decoders.js';
import { everyBit } from './rows/every-bit.js';
import { fullDisk } from './rows/full-disk.js';
import { hostile } from './rows/hostile.js';
import { ioErrors } from './rows/io-errors.js';
import { kills } from './rows/kills.js';
import { large } from './rows/large.js';
import { manyWriters } from './rows/many-writers.js';
import { powerCuts } from './rows/power-cuts.js';
import { sampleKills } from './rows/sample-kills.js';

/** Every row, in the order of the table. */
export const rows: readonly Row[] = [
  crashImages,
  kills,
  sampleKills,
  powerCuts,
  fullDisk,
  ioErrors,
  everyBit,
  catalogueDamage,
  hostile,
  manyWriters,
  large,
  decodersRow,
];
