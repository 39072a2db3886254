import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '#src/base/errors.js';
import { contentId, nodeId } from '#src/id/cid.js';
import { encode, type Value, type ValueMap } from '#src/id/codec.js';
import { decodeNode } from '#src/tree/node.js';
import { entries, lookup } from '#src/tree/read.js';
import { collect, hasCode, MemoryNodes, textSchema } from './support.js';

const leaf = (keys: readonly string[], more: ValueMap = {}): ValueMap => ({
  dvs: 1,
  kind: 'text',
  level: 0,
  entries: keys.map((key) => [key, 'v']),
  ...more,
});
const someNode = nodeId(encode(leaf(['a'])));
const inner = (list: Value[], level = 1): ValueMap => ({ dvs: 1, kind: 'text', level, entries: list });

describe('a node is read strictly', () => {
  test('and gives its level, its items and their sums', () => {
    const bytes = encode(leaf(['a', 'b']));
    expect(decodeNode(textSchema, bytes)).toEqual({
      encoded: bytes,
      level: 0,
      items: [
        { key: 'a', value: 'v' },
        { key: 'b', value: 'v' },
      ],
      count: 2,
      bytes: 2,
    });
    const above = decodeNode(
      textSchema,
      encode(
        inner([
          ['a', someNode, 3, 40],
          ['b', someNode, 1, 2],
        ]),
      ),
    );
    expect(above).toMatchObject({ level: 1, count: 4, bytes: 42 });
  });

  const refusals: [string, ErrorCode, Value][] = [
    ['what is no map', 'E_ENCODING', ['dvs', 1]],
    ['another kind', 'E_ENCODING', leaf(['a'], { kind: 'dataset' })],
    ['a newer format', 'E_FORMAT', leaf(['a'], { dvs: 2 })],
    ['a missing format', 'E_ENCODING', { kind: 'text', level: 0, entries: [] }],
    ['an unknown key', 'E_ENCODING', leaf(['a'], { mode: 1 })],
    ['a level that is text', 'E_ENCODING', leaf(['a'], { level: '0' })],
    ['a negative level', 'E_ENCODING', leaf(['a'], { level: -1 })],
    ['a level beyond all trees', 'E_LIMIT', inner([['a', someNode, 1, 1]], 57)],
    ['entries that are no list', 'E_ENCODING', leaf([], { entries: {} })],
    ['an inner node without entries', 'E_ENCODING', inner([])],
    ['keys that do not ascend', 'E_ENCODING', leaf(['b', 'a'])],
    ['a key twice', 'E_ENCODING', leaf(['a', 'a'])],
    ['keys in the order of UTF-16', 'E_ENCODING', leaf(['\u{10000}', '\uffff'])],
    ['1,025 entries', 'E_LIMIT', leaf(Array.from({ length: 1025 }, (_, i) => String(i).padStart(4, '0')))],
    ['more than 64 KiB of entries', 'E_LIMIT', leaf([], { entries: [['a', 'x'.repeat(65_536)]] })],
    ['a leaf entry that the schema refuses', 'E_ENCODING', leaf([], { entries: [['a', 1]] })],
    ['an inner entry of three', 'E_ENCODING', inner([['a', someNode, 1]])],
    ['an inner entry with a number as key', 'E_ENCODING', inner([[1, someNode, 1, 1]])],
    ['an inner entry that links to a content', 'E_ENCODING', inner([['a', contentId(Buffer.of()), 1, 1]])],
    ['an inner entry that counts nothing', 'E_ENCODING', inner([['a', someNode, 0, 1]])],
    ['an inner entry with negative bytes', 'E_ENCODING', inner([['a', someNode, 1, -1]])],
    [
      'sums beyond 2⁵³−1',
      'E_LIMIT',
      inner([
        ['a', someNode, 1, 2 ** 53 - 1],
        ['b', someNode, 1, 1],
      ]),
    ],
  ];
  test.each(refusals)('and refuses %s', (_, code, value) => {
    expect(() => decodeNode(textSchema, encode(value))).toThrow(expect.toSatisfy(hasCode(code)));
  });
});

describe('a tree whose nodes contradict each other is refused', () => {
  const lies: [string, ErrorCode, (nodes: MemoryNodes) => Value][] = [
    ['a root above a single node', 'E_ENCODING', (nodes) => inner([['a', nodes.put(leaf(['a'])), 1, 1]])],
    ['another first key', 'E_ENCODING', (nodes) => pair(nodes, ['0', leaf(['a']), 1, 1])],
    ['another count', 'E_ENCODING', (nodes) => pair(nodes, ['a', leaf(['a']), 2, 1])],
    ['another byte sum', 'E_ENCODING', (nodes) => pair(nodes, ['a', leaf(['a']), 1, 0])],
    ['keys of the next node', 'E_ENCODING', (nodes) => pair(nodes, ['a', leaf(['a', 'y']), 2, 2])],
    ['a child without entries', 'E_ENCODING', (nodes) => pair(nodes, ['a', leaf([]), 1, 1])],
    [
      'a child of the same level',
      'E_CYCLE',
      (nodes) => pair(nodes, ['a', pair(nodes, ['a', leaf(['a']), 1, 1]), 2, 2]),
    ],
    ['a child two levels beneath', 'E_ENCODING', (nodes) => pair(nodes, ['a', leaf(['a']), 1, 1], 2)],
    [
      'a child of another kind',
      'E_ENCODING',
      (nodes) => pair(nodes, ['a', leaf(['a'], { kind: 'other' }), 1, 1]),
    ],
    [
      'a child that is missing',
      'E_MISSING',
      () =>
        inner([
          ['a', nodeId(Buffer.of(1)), 1, 1],
          ['y', someNode, 1, 1],
        ]),
    ],
  ];
  /** A root of two nodes, the second of which is in order. */
  function pair(
    nodes: MemoryNodes,
    [key, node, count, bytes]: [string, Value, number, number],
    level = 1,
  ): Value {
    const sound = nodes.put(leaf(['y']));
    return inner(
      [
        [key, nodes.put(node), count, bytes],
        ['y', sound, 1, 1],
      ],
      level,
    );
  }

  test.each(lies)('for %s', async (_, code, lie) => {
    const nodes = new MemoryNodes();
    const root = nodes.put(lie(nodes));
    await expect(collect(entries(textSchema, nodes, root))).rejects.toSatisfy(hasCode(code));
  });

  test('for bytes that are not what their ID says', async () => {
    const nodes = new MemoryNodes();
    const root = nodes.put(leaf(['a']));
    nodes.kept.set(root.toString(), encode(leaf(['b'])));
    await expect(lookup(textSchema, nodes, root, 'a')).rejects.toSatisfy(hasCode('E_CID_MISMATCH'));
  });

  test('for the ID of a content as its root', async () => {
    const reading = lookup(textSchema, new MemoryNodes(), contentId(Buffer.of()), 'a');
    await expect(reading).rejects.toSatisfy(hasCode('E_CID'));
  });
});
