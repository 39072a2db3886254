import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { assertRestored, makePlace } from '#bench/place.js';
import { inRounds } from '#bench/rounds.js';
import { cp } from '#bench/tools/cp.js';
import { dvs } from '#bench/tools/dvs.js';
import { resticTool } from '#bench/tools/restic.js';
import { tempDir } from '../support/tmp.js';

test('another tool goes first in each round; the columns keep their order', async () => {
  const order: string[] = [];
  const options = { rounds: 2, scale: 1, tools: [], report() {} };
  const samples = await inRounds(options, [dvs, resticTool, cp], async ({ name }) => {
    order.push(name);
    return name === 'cp' ? { add: order.length } : { add: order.length, stored: 1 };
  });
  expect(order).toEqual(['dvs', 'restic', 'cp', 'restic', 'cp', 'dvs']);
  expect(samples).toEqual([
    { add: { dvs: 1, restic: 2, cp: 3 }, stored: { dvs: 1, restic: 1 } },
    { add: { dvs: 6, restic: 4, cp: 5 }, stored: { dvs: 1, restic: 1 } },
  ]);
  const { add = {} } = samples[1] ?? {};
  expect(Object.keys(add)).toEqual(['dvs', 'restic', 'cp']);
});

test('a tool that does not bring every byte back is refused', async () => {
  const place = makePlace(await tempDir());
  const restored = join(place.restored, 'data');
  for (const folder of [place.data, restored]) {
    mkdirSync(folder);
    writeFileSync(join(folder, 'a'), 'same');
  }
  assertRestored(cp, place);
  writeFileSync(join(restored, 'a'), 'sane');
  expect(() => assertRestored(cp, place)).toThrow('cp did not restore');
  writeFileSync(join(restored, 'a'), 'same');
  writeFileSync(join(place.data, 'b'), 'not restored');
  expect(() => assertRestored(cp, place)).toThrow('cp did not restore');
});
