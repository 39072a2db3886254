import { type CID, DAG_CBOR, nodeId } from '../id/cid.js';
import { encode, type Value, type ValueMap } from '../id/codec.js';
import { FORMAT_VERSION, openKind } from '../tree/envelope.js';
import { Fields } from './fields.js';
import { type Kind, linksByPlace } from './kind.js';

/** How files are taken for samples. */
export interface ReaderDefinition {
  readonly name: string;
  readonly version: number;
  /** Complete: also those that nobody chose. What they mean is for the reader to say. */
  readonly options: ValueMap;
}

/** What "one example" of a dataset is. Where each of them lies is derived, and in no ID. */
export interface Samples {
  readonly dataset: CID;
  readonly reader: ReaderDefinition;
  /** How many there are: at least one. */
  readonly count: number;
}

const MAX_NAME = 100;

/** The entity of `samples`, and its ID. E_ENCODING or E_LIMIT for samples that `parseSamples` would refuse. */
export function encodeSamples(samples: Samples): { id: CID; bytes: Uint8Array } {
  const { dataset, reader, count } = samples;
  const { name, version, options } = reader;
  const value = {
    dvs: FORMAT_VERSION,
    kind: 'samples',
    dataset,
    reader: { name, version, options },
    count,
  };
  parseSamples(value);
  const bytes = encode(value);
  return { id: nodeId(bytes), bytes };
}

/** Reads decoded samples strictly. E_ENCODING, E_LIMIT or E_FORMAT when they are none. */
export function parseSamples(value: Value): Samples {
  const fields = new Fields('samples', openKind(value, 'samples'), [
    'dvs',
    'kind',
    'dataset',
    'reader',
    'count',
  ]);
  const reader = new Fields('reader', fields.value('reader'), ['name', 'version', 'options']);
  const dataset = fields.link('dataset');
  if (dataset.code !== DAG_CBOR) throw fields.malformed('`dataset` is the ID of a content');
  if (reader.text('name', MAX_NAME) === '') throw fields.malformed('its reader has no name');
  return {
    dataset,
    reader: {
      name: reader.text('name', MAX_NAME),
      version: reader.count('version', 1),
      options: reader.map('options'),
    },
    count: fields.count('count', 1),
  };
}

export const samplesKind: Kind<Samples> = {
  kind: 'samples',
  parse: parseSamples,
  links: ({ dataset, reader }) => [
    { role: 'dataset', id: dataset },
    ...linksByPlace(reader.options).map(({ role, id }) => ({ role: `reader/options/${role}`, id })),
  ],
  describe: ({ reader, count }) => ({
    samples: String(count),
    reader: `${reader.name} ${reader.version}`,
    ...describeOptions(reader.options),
  }),
};

/** The options that say something, as text. */
export function describeOptions(options: ValueMap): Record<string, string> {
  return Object.fromEntries(
    Object.entries(options).flatMap(([name, value]) => {
      if (value === null || (Array.isArray(value) && value.length === 0)) return [];
      return [[name, typeof value === 'string' ? value : JSON.stringify(value)]];
    }),
  );
}
