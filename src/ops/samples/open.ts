import { basename } from 'node:path';
import { countOf } from '../../base/count.js';
import { DvsError } from '../../base/errors.js';
import type { Samples } from '../../entities/samples.js';
import { type BuildParts, buildIndex, shapeOf } from './build-index.js';
import { parseDefinition } from './definition.js';
import { FileSamples } from './file-samples.js';
import { rowReader } from './readers.js';
import { RowSamples } from './row-samples.js';
import { SampleIndex } from './sample-index.js';
import type { SampleSet } from './sample-set.js';
import { parseTail } from './tail.js';

export interface OpenParts extends Omit<BuildParts, 'dataset'> {
  /** Where the index of these samples is kept: a file that is called like their ID. */
  readonly indexPath: string;
}

/** Opens samples; their index is made when it is not there, or not whole. Whoever opens them closes them. */
export async function openSamples(parts: OpenParts, samples: Samples): Promise<SampleSet> {
  const found = openIndexed(parts, samples);
  if (found !== undefined) return found;
  const definition = parseDefinition(samples.reader);
  rowReader(definition.reader, definition.version);
  const built = await buildIndex({ ...parts, dataset: samples.dataset }, definition);
  if (built.count !== samples.count) {
    built.discard();
    throw new DvsError(
      'E_DAMAGED',
      `the dataset has ${countOf(built.count, 'sample')}, not ${samples.count} as recorded`,
      {
        hint: 'Whoever recorded these samples read the files otherwise: `dvs samples` records them anew.',
      },
    );
  }
  built.keep(parts.indexPath);
  const opened = openIndexed(parts, samples);
  if (opened !== undefined) return opened;
  throw new DvsError('E_IO', `the index ${parts.indexPath} cannot be read back`, {
    about: [parts.indexPath],
  });
}

function openIndexed({ objects, indexPath }: OpenParts, samples: Samples): SampleSet | undefined {
  const definition = parseDefinition(samples.reader);
  const { dataset, count } = samples;
  const reader = rowReader(definition.reader, definition.version);
  const index = SampleIndex.open(indexPath, shapeOf(definition), count);
  const tail = parseTail(basename(indexPath), index?.tail);
  if (index === undefined || tail === undefined) {
    index?.close();
    return undefined;
  }
  const { labels, sources } = tail;
  return reader === undefined
    ? new FileSamples({ objects, dataset, definition, count, labels, index })
    : new RowSamples({ objects, reader, definition, count, sources, labels, index });
}
