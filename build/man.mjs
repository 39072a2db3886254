// Writes the manual pages into dist/man, from the same definitions that the command line runs by. Their date is that of
// the last commit, where that can be learnt, so that the same sources give the same pages.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { manualPages } from '../dist/cli/manual/pages.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const folder = `${root}dist/man`;

function lastChange() {
  try {
    const options = { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
    return execFileSync('git', ['log', '-1', '--format=%cs'], options).trim();
  } catch {
    return '';
  }
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const [name, text] of await manualPages(lastChange())) writeFileSync(`${folder}/${name}`, text);
