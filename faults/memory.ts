/** Loaded by `--import` into a process to measure: leaves what it took at most, in KiB, in the file that is named. */
import { writeFileSync } from 'node:fs';

const { DVS_FAULTS_MEMORY } = process.env;
process.on('exit', () => {
  if (DVS_FAULTS_MEMORY !== undefined)
    writeFileSync(DVS_FAULTS_MEMORY, String(process.resourceUsage().maxRSS));
});
