import { DvsError } from '../../base/errors.js';
import type { CID } from '../../id/cid.js';
import type { ObjectReader } from '../../store/objects/reader.js';
import type { Definition } from './definition.js';
import { chosenFiles } from './inputs.js';
import type { SampleReader } from './reader.js';

/** Files that the message names. */
const SHOWN = 3;
const PACKED = /\.(?:gz|bgz|bz2|xz|zst|zip)$/i;

/** E_DATA: there is nothing to take for samples. `looked` are the paths of the files that were read. */
export function noSamples({ reader, paths, own }: Definition, looked: readonly string[]): DvsError {
  const where = paths.length > 0 ? `what matches ${paths.join(', ')}` : 'the dataset';
  const shown = looked.slice(0, SHOWN);
  const more = looked.length > SHOWN ? ` and ${looked.length - SHOWN} more` : '';
  const read = shown.length === 0 ? '' : `: there is none in ${shown.join(', ')}${more}`;
  const { header } = own;
  const isHeaderAlone = looked.length > 0 && header === true;
  return new DvsError('E_DATA', `${where} has no samples for the reader ${reader}${read}`, {
    about: [...paths, ...shown],
    hint: isHeaderAlone
      ? 'The first row is the header, unless you say `--no-header`; rows end with a line feed, after a carriage return or not.'
      : 'List its files with `dvs ls`, choose some with `-- <pattern>`, or another `--reader`.',
  });
}

interface NoFiles {
  readonly dataset: CID;
  readonly reader: SampleReader;
  readonly definition: Definition;
}

/** The same of a dataset in which no file has a name for the reader. One that would have it unpacked is told. */
export async function noFiles(
  objects: ObjectReader,
  { dataset, reader, definition }: NoFiles,
): Promise<DvsError> {
  const { paths } = definition;
  const claims = (path: string): boolean => PACKED.test(path) && reader.claims(path.replace(PACKED, ''));
  for await (const { path } of chosenFiles(objects, dataset, { paths, claims })) {
    return new DvsError('E_DATA', `the reader ${reader.name} does not unpack files such as ${path}`, {
      about: [path],
      hint: 'Unpack them and add them again; packed or not, the store keeps them compressed.',
    });
  }
  return noSamples(definition, []);
}
