import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { flipped } from '../support/bytes.js';
import { Scratch } from './support.js';

let scratch: Scratch;

beforeEach(async () => {
  scratch = await Scratch.withData();
});

/** The packs, the one with the data first: it holds this text as it is. */
function packs(): string[] {
  const all = readdirSync(scratch.path('.dvs/packs'), { recursive: true, encoding: 'utf8' });
  const files = all.filter((name) => /[0-9a-f]{64}$/.test(name)).map((name) => `.dvs/packs/${name}`);
  return files.sort((a, b) => Number(holdsData(b)) - Number(holdsData(a)));
}

function holdsData(path: string): boolean {
  return readFileSync(scratch.path(path)).includes('cat\ndog\n');
}

function damage(path: string): string {
  const bytes = readFileSync(scratch.path(path));
  const at = bytes.indexOf('cat\ndog\n');
  rmSync(scratch.path(path));
  scratch.write(path, flipped(bytes, 8 * at));
  return path.slice(-64);
}

describe('dvs verify', () => {
  test('an intact store', async () => {
    expect(await scratch.ok('verify')).toMatch(/^Read and hashed \d+ objects, [\d.]+ K?i?B: all intact\.\n$/);
    const report = await scratch.json('verify', 'data:v1');
    expect(report).toEqual({
      objects: expect.any(Number),
      bytes: expect.any(Number),
      recomputed: 0,
      damaged: [],
      missing: [],
      unlisted: 0,
    });
    expect(report.objects).toBeGreaterThan(3);
    expect(await scratch.run(['verify', '--all', '-q'])).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('a flipped bit is found, by path and pack', async () => {
    const pack = damage(packs()[0] ?? '');
    const { status, stdout } = await scratch.run(['verify']);
    expect(status).toBe(4);
    expect(stdout).toContain('data:v1');
    expect(stdout).toContain('labels.csv');
    expect(stdout).toContain(pack);
    for (const args of [
      ['verify', 'data'],
      ['verify', '--json'],
    ]) {
      expect((await scratch.run(args)).status).toBe(4);
    }
    expect(await scratch.run(['verify', '-q'])).toEqual({ status: 4, stdout: '', stderr: '' });
    expect(await scratch.run(['cat', 'data/labels.csv'])).toMatchObject({ status: 4, stdout: '' });
  });

  test('a lost pack is missing', async () => {
    rmSync(scratch.path(packs()[0] ?? ''));
    const ran = await scratch.run(['verify', '--json']);
    expect(ran.status).toBe(4);
    expect(JSON.parse(ran.stdout).missing.length).toBeGreaterThan(0);
  });

  test('wants one thing', async () => {
    expect(await scratch.run(['verify', 'data', '--all'])).toMatchObject({ status: 2 });
    expect(await scratch.run(['verify', 'nope'])).toMatchObject({ status: 3 });
  });
});

describe('dvs index rebuild', () => {
  test('makes the index again', async () => {
    const id = await scratch.ok('resolve', 'data');
    rmSync(scratch.path('.dvs/catalogue'), { recursive: true });
    expect(await scratch.ok('index', 'rebuild')).toMatch(
      /^Indexed \d+ objects in \d packs, by 1 commit of the log\.\n$/,
    );
    expect(await scratch.ok('resolve', 'data')).toBe(id);
    expect(await scratch.json('index', 'rebuild')).toMatchObject({ entries: 1, packs: 2 });
  });
});
