import { expect, test } from 'vitest';
import { encodeSamples, parseSamples } from '#src/entities/samples.js';
import { decode } from '#src/id/codec.js';
import { assertStrict, type Change, CONTENT, changed, NODE, refusal } from './strict.js';

const READER = { name: 'csv', version: 1, options: { paths: ['a'], key: null } };
const SAMPLES = { dvs: 1, kind: 'samples', dataset: NODE, reader: READER, count: 3 };

test('samples are read as they were written', () => {
  const samples = { dataset: NODE, reader: READER, count: 3 };
  const { bytes } = encodeSamples(samples);
  expect(decode(bytes)).toEqual(SAMPLES);
  expect(parseSamples(decode(bytes))).toEqual(samples);
});

test('samples have just their fields', () => assertStrict(parseSamples, SAMPLES));

test.each<[string, Change, string]>([
  ['none', { count: 0 }, 'E_ENCODING'],
  ['half of one', { count: 0.5 }, 'E_ENCODING'],
  ['a content for a dataset', { dataset: CONTENT }, 'E_ENCODING'],
  ['a reader without a name', { reader: { version: 1, options: {} } }, 'E_ENCODING'],
  ['a reader with more', { reader: { ...READER, more: 1 } }, 'E_ENCODING'],
  ['a reader of version 0', { reader: { ...READER, version: 0 } }, 'E_ENCODING'],
  ['a reader with options in a list', { reader: { ...READER, options: [] } }, 'E_ENCODING'],
  ['a reader with a long name', { reader: { ...READER, name: 'x'.repeat(101) } }, 'E_LIMIT'],
])('no samples: %s', async (_, change, code) => {
  const got = await refusal(parseSamples, changed(SAMPLES, change));
  expect(got).toBe(code);
});
