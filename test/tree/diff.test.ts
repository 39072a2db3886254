import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareUtf8 } from '#src/base/bytes.js';
import { diff } from '#src/tree/diff.js';
import { build, collect, MemoryNodes, steepKeys, textSchema } from './support.js';

const steep = steepKeys(120);
const someContents = fc
  .dictionary(fc.constantFrom(...steep), fc.constantFrom('', 'x', 'y'.repeat(20_000)), {
    maxKeys: 120,
    size: 'max',
  })
  .map((dictionary) => new Map(Object.entries(dictionary)));

describe('the difference of two trees', () => {
  test('is what turns the first into the second, in key order', async () => {
    await fc.assert(
      fc.asyncProperty(someContents, someContents, async (before, after) => {
        const nodes = new MemoryNodes();
        const a = await build(before, nodes);
        const b = await build(after, nodes);
        const changes = await collect(diff(textSchema, nodes, a.id, b.id));

        const result = new Map(before);
        for (const { key, before: old, after: value } of changes) {
          expect(old).toBe(before.get(key));
          expect(value).toBe(after.get(key));
          expect(old).not.toBe(value);
          if (value === undefined) result.delete(key);
          else result.set(key, value);
        }
        expect(result).toEqual(after);
        const order = changes.map(({ key }) => key);
        expect(order).toEqual([...new Set(order)].sort(compareUtf8));
      }),
      { numRuns: 60 },
    );
  });

  test('of a tree with itself is found without reading', async () => {
    const nodes = new MemoryNodes();
    const { id } = await build(new Map(steep.map((key) => [key, ''])), nodes);
    expect(await collect(diff(textSchema, nodes, id, id))).toEqual([]);
    expect(nodes.reads).toBe(0);
  });

  const large = new Map(Array.from({ length: 30_000 }, (_, i) => [`${String(i).padStart(6, '0')}.jpg`, 'v']));
  const cases: [string, (map: Map<string, string>) => void, number][] = [
    ['a changed value', (map) => map.set('015000.jpg', 'w'), 1],
    ['an added key in the middle', (map) => map.set('015000.jpeg', 'w'), 1],
    ['an added key before all others', (map) => map.set('!', 'w'), 1],
    ['an added key after all others', (map) => map.set('z', 'w'), 1],
    ['the first key removed', (map) => map.delete('000000.jpg'), 1],
    ['three keys far apart', (map) => map.set('1', 'w').set('2', 'w').set('28', 'w'), 3],
  ];
  test.each(cases)('costs as much as it is large: %s', async (_, edit, expected) => {
    const nodes = new MemoryNodes();
    const changed = new Map(large);
    edit(changed);
    const a = await build(large, nodes);
    const b = await build(changed, nodes);
    nodes.resetCounts();
    expect(await collect(diff(textSchema, nodes, a.id, b.id))).toHaveLength(expected);
    // A changed entry is beneath one node a level in each tree; where its boundary moved, beneath two.
    expect(nodes.reads).toBeLessThanOrEqual(expected * 4 * (Math.max(a.level, b.level) + 1));
    expect(nodes.kept.size).toBeGreaterThan(200);
  });

  test('is cheap between trees of different heights', async () => {
    const nodes = new MemoryNodes();
    const keys = steepKeys(513);
    const low = await build(new Map(keys.slice(0, 512).map((key) => [key, ''])), nodes);
    const high = await build(new Map(keys.map((key) => [key, ''])), nodes);
    expect([low.level, high.level]).toEqual([8, 9]);
    nodes.resetCounts();
    const [change, ...rest] = await collect(diff(textSchema, nodes, low.id, high.id));
    expect([change?.key, rest]).toEqual([keys.at(-1), []]);
    expect(nodes.reads).toBeLessThan(16);
  });
});
