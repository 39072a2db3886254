import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measure, median } from './process.js';

const DVS = fileURLToPath(new URL('../cli/main.js', import.meta.url));

/** Seconds of `dvs resolve` and of an empty Node process, and the median of their ratio, taken in pairs. */
export async function startUp(rounds: number): Promise<{ resolve: number; node: number; ratio: number }> {
  const cwd = mkdtempSync(join(tmpdir(), 'dvs-start-'));
  const dvs = (...args: string[]) => measure({ file: process.execPath, args: [DVS, ...args], cwd });
  try {
    mkdirSync(join(cwd, 'data'));
    writeFileSync(join(cwd, 'data', 'a.txt'), 'one\n');
    await dvs('init', '-q');
    await dvs('add', '-q', 'data');
    const pairs: { resolve: number; node: number }[] = [];
    for (let i = 0; i < rounds; i++) {
      const resolve = await dvs('resolve', 'data:v1');
      const node = await measure({ file: process.execPath, args: ['-e', '0'], cwd });
      pairs.push({ resolve: resolve.seconds, node: node.seconds });
    }
    return {
      resolve: median(pairs.map((pair) => pair.resolve)),
      node: median(pairs.map((pair) => pair.node)),
      ratio: median(pairs.map((pair) => pair.resolve / pair.node)),
    };
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}
