import { FILES_READER } from './file-samples.js';
import type { DatasetFile } from './inputs.js';
import { claimer } from './readers.js';

/** Which reader fits, and what speaks for it. */
export interface Detected {
  readonly reader: string;
  /** For people, such as `2 of 3 files, with 99 % of the bytes, are csv`. */
  readonly why: string;
}

/** Of these a file is as often one sample as many: more files than this are taken for one sample each. */
const OFTEN_ONE = new Set(['lines', 'npy']);
const FEW = 100;

/**
 * Chooses a reader by the names of files: the one that claims most of the bytes, should that be more than half of all; else
 * each file is a sample.
 */
export async function detectReader(files: AsyncIterable<DatasetFile>): Promise<Detected> {
  const claimed = new Map<string, { files: number; bytes: number }>();
  let count = 0;
  let bytes = 0;
  for await (const { path, entry } of files) {
    count++;
    bytes += entry.size;
    const reader = claimer(path);
    if (reader === undefined) continue;
    const sum = claimed.get(reader.name) ?? { files: 0, bytes: 0 };
    sum.files++;
    sum.bytes += entry.size;
    claimed.set(reader.name, sum);
  }
  const [best] = [...claimed].toSorted(([, a], [, b]) => b.bytes - a.bytes);
  if (best === undefined)
    return { reader: FILES_READER.name, why: 'none of its files holds rows, so each is a sample' };
  const [reader, sum] = best;
  const share = `${sum.files} of ${count} ${count === 1 ? 'file' : 'files'}, with ${percent(sum.bytes, bytes)} of the bytes, can be read as ${reader}`;
  if (sum.bytes * 2 <= bytes && sum.files < count)
    return { reader: FILES_READER.name, why: `only ${share}, so each file is a sample` };
  if (OFTEN_ONE.has(reader) && sum.files > FEW) {
    return {
      reader: FILES_READER.name,
      why: `${share}, but more than ${FEW} such files are most often one sample each`,
    };
  }
  return { reader, why: share };
}

function percent(part: number, whole: number): string {
  return `${whole === 0 ? 100 : Math.floor((part / whole) * 100)} %`;
}
