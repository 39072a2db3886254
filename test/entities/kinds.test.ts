import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '#src/base/errors.js';
import { knownKinds, linksOf, parseEntity } from '#src/entities/kinds.js';
import { contentId, nodeId } from '#src/id/cid.js';
import { encode, linksIn, type Value, type ValueMap } from '#src/id/codec.js';
import { hasCode } from '../tree/support.js';

const content = contentId(Buffer.from('abc'));
const node = nodeId(Buffer.from('abc'));

/** One example of each kind. A new kind adds its line here. */
const EXAMPLES: Record<string, ValueMap> = {
  dataset: {
    dvs: 1,
    kind: 'dataset',
    level: 1,
    entries: [
      ['a', node, 1, 3],
      ['b', node, 1, 3],
    ],
  },
  samples: {
    dvs: 1,
    kind: 'samples',
    dataset: node,
    reader: { name: 'files', version: 1, options: { key: null, list: content } },
    count: 3,
  },
  split: {
    dvs: 1,
    kind: 'split',
    samples: node,
    of: { split: node, part: 'train' },
    method: { name: 'from-files', version: 1, lists: [content], parts: ['test', 'rest'], rest: 'rest' },
    parts: [
      { name: 'test', count: 1, members: node },
      { name: 'rest', count: 2, members: node },
    ],
  },
  members: { dvs: 1, kind: 'members', level: 0, bits: 3, count: 1, items: [[content, 1]] },
  permutation: {
    dvs: 1,
    kind: 'permutation',
    of: node,
    part: 'train',
    algorithm: 'dvs-perm-1',
    seed: '42',
    n: '3',
  },
  run: {
    dvs: 1,
    kind: 'run',
    op: 'add',
    inputs: { a: node },
    outputs: { b: content },
    tool: { name: 'dvs', version: '1' },
    start: '2026-01-02T03:04:05.678Z',
    who: 'ada',
  },
};

describe('every kind', () => {
  test('has an example here', () => {
    expect(Object.keys(EXAMPLES).sort()).toEqual(knownKinds().sort());
  });

  test.each(Object.entries(EXAMPLES))('%s is read with all its links', (kind, value) => {
    const entity = parseEntity(encode(value));
    expect(entity).toMatchObject({ kind, known: true });
    expect(entity.links.map(({ id }) => id.toString()).sort()).toEqual(linksIn(value).map(String).sort());
    expect(Object.keys(entity.description).length).toBeGreaterThan(0);
  });
});

test('a kind from a newer version loses none of its links', () => {
  const value = {
    dvs: 1,
    kind: 'hologram',
    of: [content, { deep: [[node]] }],
    name: 'x',
    bytes: Buffer.of(1),
  };
  const entity = parseEntity(encode(value));
  expect(entity).toMatchObject({ kind: 'hologram', known: false });
  expect(entity.links.map(({ role, id }) => [role, id.toString()])).toEqual([
    ['of/0', content.toString()],
    ['of/1/deep/0/0', node.toString()],
  ]);
  expect(linksOf(encode(value)).map(String)).toEqual([content.toString(), node.toString()]);
});

const refusals: [string, ErrorCode, Value][] = [
  ['a list', 'E_ENCODING', []],
  ['a map without format', 'E_ENCODING', { kind: 'run' }],
  ['a format that is text', 'E_ENCODING', { dvs: '1', kind: 'run' }],
  ['a map without kind', 'E_ENCODING', { dvs: 1 }],
  ['a newer format', 'E_FORMAT', { dvs: 2, kind: 'hologram' }],
  ['a known kind gone wrong', 'E_ENCODING', { dvs: 1, kind: 'run' }],
];
test.each(refusals)('%s is no entity', (_, code, value) => {
  expect(() => parseEntity(encode(value))).toThrow(expect.toSatisfy(hasCode(code)));
});

test('the message about a newer format says what to do', () => {
  expect(() => parseEntity(encode({ dvs: 2, kind: 'run' }))).toThrow(/newer dvs/);
});
