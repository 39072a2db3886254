import { describe, expect, test } from 'vitest';
import { grouped } from '#src/ops/ingest/sources.js';

const passed = (files: number) => ({ type: 'passed' as const, files, item: 'some' });
const file = (size: number) => ({
  type: 'file' as const,
  path: 'a',
  absolute: '/a',
  stat: { size, mtimeNs: 0n, ctimeNs: 0n, ino: 0n },
  known: undefined,
});

describe('sources are cut into groups', () => {
  test('of bounded memory, however many files need no reading', () => {
    const groups = [...grouped(Array.from({ length: 100 }, () => passed(700)))];
    expect(groups.map((group) => group.length)).toEqual(groups.map(() => 1));
    expect([...grouped(Array.from({ length: 2_000 }, () => passed(1)))]).toHaveLength(4);
  });

  test('of what fits one slot', () => {
    const sizes = (group: readonly unknown[]) => group.length;
    expect([...grouped([file(3e6), file(3e6), passed(1), file(1e6), file(9e6)])].map(sizes)).toEqual([
      1, 3, 1,
    ]);
  });
});
