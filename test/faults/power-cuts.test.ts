import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cutPower, makeImage, whyNoPowerCuts, withImage } from '#faults/power.js';
import { powerCuts } from '#faults/rows/power-cuts.js';
import { replaceFile } from '#src/backend/durable.js';
import { tempDir } from '../support/tmp.js';

const why = await whyNoPowerCuts();

describe.skipIf(why !== undefined)(`power cuts (skipped: ${why})`, () => {
  test('a sample of the cuts', { timeout: 90_000 }, async () => {
    const { counts, failures } = await powerCuts.run({ scale: 0.02, seed: 5, report() {} });
    expect(failures).toEqual([]);
    expect(counts).toMatchObject({ cuts: 2 });
    expect(counts['versions read back']).toBeGreaterThan(1);
  });

  test('what was not synced is gone; a replaced file is old or new, and whole', async () => {
    const folder = await tempDir();
    const [image, disk] = [join(folder, 'image'), join(folder, 'disk')];
    mkdirSync(disk);
    makeImage(image, 8);
    const at = (name: string) => join(disk, name);
    await withImage(image, disk, 'rw', async () => {
      await replaceFile(at('replaced'), Buffer.from('old'));
    });
    await withImage(image, disk, 'rw', async () => {
      await replaceFile(at('replaced'), Buffer.from('new'));
      writeFileSync(at('written'), 'never synced');
      cutPower(disk);
      expect(() => writeFileSync(at('after'), '')).toThrow();
    });
    await withImage(image, disk, 'rw', async () => {
      expect(readFileSync(at('replaced'), 'utf8')).toMatch(/^(?:old|new)$/);
      expect(() => readFileSync(at('written'))).toThrow('ENOENT');
    });
  });
});
