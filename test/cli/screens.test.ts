import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const hasTerminals = spawnSync('python3', ['-c', 'import pty']).status === 0;

test.runIf(hasTerminals)(
  'docs/screens shows what dvs prints now',
  () => {
    const { status, stderr } = spawnSync('node', ['build/screens/main.mjs', '--check'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  },
  120_000,
);

test('the README shows pictures that are there', () => {
  const readme = readFileSync(`${ROOT}README.md`, 'utf8');
  const shown = [...readme.matchAll(/!\[[^\]]+\]\((docs\/screens\/[^)]+\.svg)\)/g)].map(
    ([, path]) => path ?? '',
  );
  expect(shown.length).toBeGreaterThan(1);
  for (const path of shown) expect(readFileSync(ROOT + path, 'utf8')).toContain('</svg>');
});
