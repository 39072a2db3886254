import { expect, test } from 'vitest';
import { compareUtf8 } from '#src/base/bytes.js';
import { AscendingLookup } from '#src/tree/ascending.js';
import { build, hasCode, MemoryNodes, steepKeys, textSchema } from './support.js';

test('finds what is there, in one pass, and does not read a node twice', async () => {
  const nodes = new MemoryNodes();
  const contents = new Map(steepKeys(300).map((key, i) => [key, `value ${i}`]));
  const { id } = await build(contents, nodes);
  const asked = [...contents.keys()].flatMap((key) => [key, key, `${key}!`, key.slice(0, -1)]);
  nodes.resetCounts();
  const lookup = await AscendingLookup.open(textSchema, nodes, id);
  for (const key of ['', ...asked, '~'].sort(compareUtf8))
    expect(await lookup.at(key)).toBe(contents.get(key));
  expect(nodes.reads).toBe(nodes.kept.size);
});

test('goes on after what is missing', async () => {
  const nodes = new MemoryNodes();
  const keys = steepKeys(100);
  const { id } = await build(new Map(keys.map((key) => [key, key])), nodes);
  const [leaf] = nodes.kept.keys();
  nodes.kept.delete(leaf ?? '');
  const lookup = await AscendingLookup.open(textSchema, nodes, id);
  await expect(lookup.at(keys[0] ?? '')).rejects.toSatisfy(hasCode('E_MISSING'));
  expect(await lookup.at(keys.at(-1) ?? '')).toBe(keys.at(-1));
});
