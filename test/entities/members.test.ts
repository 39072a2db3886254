import { expect, test } from 'vitest';
import { encodeMembers, MEMBERS_FANOUT, parseMembers, SEGMENT_BITS } from '#src/entities/members.js';
import { decode } from '#src/id/codec.js';
import { assertStrict, type Change, CONTENT, changed, NODE, refusal } from './strict.js';

const MEMBERS = {
  dvs: 1,
  kind: 'members',
  level: 0,
  bits: SEGMENT_BITS + 9,
  count: 5,
  items: [
    [CONTENT, 2],
    [CONTENT, 3],
  ],
};
const INNER = MEMBERS_FANOUT * SEGMENT_BITS;

test('members are read as they were written', () => {
  const items = [
    { id: NODE, count: 7 },
    { id: NODE, count: 1 },
  ];
  const node = { level: 1, bits: INNER + 1, count: 8, items };
  expect(parseMembers(decode(encodeMembers(node).bytes))).toEqual(node);
});

test('members have just their fields', () => assertStrict(parseMembers, MEMBERS));

test.each<[string, Change]>([
  ['no bits', { bits: 0 }],
  ['fewer bits than its items cover', { bits: SEGMENT_BITS }],
  ['more bits than its items cover', { bits: 2 * SEGMENT_BITS + 1 }],
  [
    'more items than a node has',
    { bits: INNER + 1, items: Array.from({ length: MEMBERS_FANOUT + 1 }, () => [CONTENT, 0]), count: 0 },
  ],
  ['a count that is not the sum', { count: 6 }],
  [
    'more ones than bits',
    {
      items: [
        [CONTENT, 0],
        [CONTENT, 10],
      ],
      count: 10,
    },
  ],
  [
    'more ones than a segment has',
    {
      items: [
        [CONTENT, SEGMENT_BITS + 1],
        [CONTENT, 0],
      ],
      count: SEGMENT_BITS + 1,
    },
  ],
  [
    'a count below zero',
    {
      items: [
        [CONTENT, 6],
        [CONTENT, -1],
      ],
    },
  ],
  [
    'half of a one',
    {
      items: [
        [CONTENT, 2.5],
        [CONTENT, 2.5],
      ],
    },
  ],
  [
    'an item of three',
    {
      items: [
        [CONTENT, 2, 1],
        [CONTENT, 3],
      ],
    },
  ],
  [
    'a node where a segment is',
    {
      items: [
        [NODE, 2],
        [CONTENT, 3],
      ],
    },
  ],
  [
    'a segment where a node is',
    {
      level: 1,
      bits: INNER + 1,
      items: [
        [NODE, 4],
        [CONTENT, 1],
      ],
    },
  ],
  ['a level beyond the highest', { level: 4, bits: 2 ** 53 - 1, items: [[NODE, 5]] }],
  ['more bits than numbers have', { level: 3, bits: 2 ** 53, items: [[NODE, 5]] }],
])('no members: %s', async (_, change) => {
  const got = await refusal(parseMembers, changed(MEMBERS, change));
  expect(got).toBe('E_ENCODING');
});
