import { expect, onTestFinished, test } from 'vitest';
import { dvsOk } from '#faults/dvs.js';
import { pastOf } from '#faults/many-writers/past.js';
import { Reader } from '#faults/many-writers/reader.js';
import { Random } from '#faults/random.js';
import { manyWriters } from '#faults/rows/many-writers.js';
import { startWriter } from '#faults/writers.js';
import { write } from '../support/repository.js';
import { tempDir } from '../support/tmp.js';

test('a sample of the versions', { timeout: 90_000 }, async () => {
  const { counts, failures } = await manyWriters.run({ scale: 0.02, seed: 2, report() {} });
  expect(failures).toEqual([]);
  expect(counts).toMatchObject({ 'versions acknowledged': 16 });
});

async function storeOf(text: string): Promise<string> {
  const root = await tempDir();
  await dvsOk(root, ['init', '-q']);
  write(root, { 'data/number': text });
  await dvsOk(root, ['add', 'data', '-q']);
  return root;
}

test('answers that were never true are reported, and true ones are not', { timeout: 60_000 }, async () => {
  const [here, there] = [await storeOf('one'), await storeOf('two')];
  const honest = await Reader.open(here, new Random(1));
  const deceived = await Reader.open(here, new Random(1), pastOf(there));
  onTestFinished(() => honest.close());
  onTestFinished(() => deceived.close());
  const found = { honest: 0, deceived: 0 };
  for (let i = 0; i < 6; i++) {
    found.honest += (await honest.ask()).length;
    found.deceived += (await deceived.ask()).length;
  }
  expect(found.honest).toBe(0);
  // All but those that set a tag.
  expect(found.deceived).toBe(6 - deceived.tags.size);
});

test('a writer that fails says why', async () => {
  const root = await tempDir();
  const acknowledged = () => expect.unreachable();
  const writer = startWriter({ root, path: 'data', name: 'data', seed: 1, versions: 1, acknowledged });
  expect(await writer.ended).toMatch('E_NO_STORE');
});
