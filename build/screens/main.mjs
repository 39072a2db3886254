/**
 * `npm run screens`: pictures of the terminal for the documents, of the real program in a terminal of its own.
 * Writes docs/screens/<name>.svg; with --check compares instead, and exits with 1 when one would change.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SCENES } from './scenes.mjs';
import { svg } from './svg.mjs';
import { shown } from './terminal.mjs';

const MAIN = fileURLToPath(new URL('../../dist/cli/bundle/main.js', import.meta.url));
const IN_TERMINAL = fileURLToPath(new URL('in_terminal.py', import.meta.url));
const SCREENS = fileURLToPath(new URL('../../docs/screens/', import.meta.url));
const NOW = '2026-01-02T03:04:05Z';
/** Enough that no pager starts. */
const ROWS = 200;

const isCheck = process.argv.includes('--check');
const changed = [];
mkdirSync(SCREENS, { recursive: true });
for (const scene of SCENES) {
  const path = join(SCREENS, `${scene.name}.svg`);
  const picture = play(scene);
  if (!isCheck) writeFileSync(path, picture);
  else if (masked(read(path)) !== masked(picture)) changed.push(scene.name);
}
if (changed.length > 0) {
  console.error(`docs/screens: ${changed.join(', ')} would change; \`npm run screens\` draws them again`);
  process.exitCode = 1;
}

function play({ name, title, columns, before, shows }) {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'dvs-screens-')));
  try {
    const work = join(home, name);
    const bin = join(home, '.bin');
    for (const folder of [work, bin]) mkdirSync(folder);
    writeFileSync(join(bin, 'dvs'), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
    chmodSync(join(bin, 'dvs'), 0o755);
    const { PATH } = process.env;
    const env = {
      PATH: `${bin}:${PATH}`,
      HOME: home,
      TERM: 'xterm-256color',
      LC_ALL: 'C.UTF-8',
      TZ: 'UTC',
      DVS_USER: 'ada',
      DVS_NOW: NOW,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_DATE: NOW,
      GIT_COMMITTER_DATE: NOW,
    };
    for (const line of before) execFileSync('bash', ['-ec', line], { cwd: work, env });
    const lines = shows.flatMap((line, i) => {
      const command = [IN_TERMINAL, String(columns), String(ROWS), 'bash', '-c', line];
      const stdout = execFileSync('python3', command, { cwd: work, env, encoding: 'utf8' });
      const printed = shown(stdout.replaceAll(home, '/home/ada'));
      return [...(i === 0 ? [] : [[]]), promptOf(line), ...printed];
    });
    return svg(title, columns, wrapped(lines, columns));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function promptOf(line) {
  return [...cells('$ ', 'prompt'), ...cells(line, 'typed')];
}

function cells(text, part) {
  return [...text].map((character) => ({ character, style: { part } }));
}

/** As a terminal does it. */
function wrapped(lines, columns) {
  return lines.flatMap((line) => {
    const rows = [];
    for (let at = 0; at === 0 || at < line.length; at += columns) rows.push(line.slice(at, at + columns));
    return rows;
  });
}

/** Without what may differ although all is well: how well this Node's zstd compresses, and dvs's own version. */
function masked(picture) {
  return picture
    .replaceAll(/textLength="[\d.]+">(Stored) \d+ B for/g, '>$1 - B for')
    .replaceAll(/(\d+ objects, )\d+ B/g, '$1- B')
    .replaceAll(/(made by<\/text>\s*<text[^>]*>)\w+/g, '$1-');
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
