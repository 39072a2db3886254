import { expect, test } from 'vitest';
import { Graph } from '#cli/graph.js';

/** The drawing of nodes that are written `name: parents…`, each with one more line. */
function draw(...nodes: string[]): string[] {
  const graph = new Graph();
  return nodes.flatMap((text) => {
    const [name = '', parents = ''] = text.split(':');
    const { above, node, below, rest } = graph.add(name, parents.split(' ').filter(Boolean));
    return [...above, node + name, ...below, `${rest}.`].map((row) => row.trimEnd());
  });
}

test('a chain is one line', () => {
  expect(draw('c: b', 'b: a', 'a:')).toEqual(['* c', '│ .', '* b', '│ .', '* a', '  .']);
});

test('what is not related stands beside it, and a free column is used again', () => {
  expect(draw('b: a', 'y: x', 'x:', 'q:', 'a:')).toEqual([
    '* b',
    '│ .',
    '│ * y',
    '│ │ .',
    '│ * x',
    '│   .',
    '│ * q',
    '│   .',
    '* a',
    '  .',
  ]);
});

test('a merge leaves to both parents, and their lines come together again', () => {
  expect(draw('m: a b', 'a: o', 'b: o', 'o:')).toEqual([
    '* m',
    '├─╮',
    '│ │ .',
    '* │ a',
    '│ │ .',
    '│ * b',
    '│ │ .',
    '├─╯',
    '* o',
    '  .',
  ]);
});

test('lines cross those between them', () => {
  expect(draw('a: o', 'b: p', 'm: q o', 'q: p', 'p: o', 'o:')).toEqual([
    '* a',
    '│ .',
    '│ * b',
    '│ │ .',
    '│ │ * m',
    '├─┼─┤',
    '│ │ │ .',
    '│ │ * q',
    '│ │ │ .',
    '│ ├─╯',
    '│ * p',
    '│ │ .',
    '├─╯',
    '* o',
    '  .',
  ]);
});
