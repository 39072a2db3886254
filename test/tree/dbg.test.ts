import { test } from 'vitest';
import { decode } from '#src/id/codec.js';
import { editTree } from '#src/tree/edit.js';
import { naiveTree, textRow } from './naive.js';
import { build, MemoryNodes, steepKeys, textSchema, sorted } from './support.js';
test('dbg', async () => {
  const some = steepKeys(160).slice(0, 48);
  let best = 1e9;
  for (let t = 0; t < 300; t++) {
    const nodes = new MemoryNodes();
    const map = new Map<string, string>();
    let { id } = await build(map, nodes);
    const sh = some.map((k) => [Math.random(), k] as const).sort((a, b) => a[0] - b[0]).map((x) => x[1]);
    for (const key of sh) {
      const before = id;
      const prev = new Map(map);
      map.set(key, 'v');
      ({ id } = await editTree(textSchema, nodes, id, [{ key, value: 'v' }], nodes.sink));
      const want = (await build(map, nodes)).id;
      if (id.toString() !== want.toString()) {
        if (map.size < best) {
          best = map.size;
          const sh = (m: Map<string, string>) => JSON.stringify(naiveTree('text', sorted(m).map(({ key, value }) => textRow(key, value))).shape);
          console.log(map.size, key, [...prev.keys()].sort().join(' '), '\n', sh(prev), sh(map));
          console.log(JSON.stringify(decode(await nodes.get(id))), JSON.stringify(decode(await nodes.get(want))));
        }
        break;
      }
    }
  }
});
