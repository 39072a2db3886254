// Compiles every src/**/*.wat to a .wasm of the same name beside the compiled module that loads it.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import loadWabt from 'wabt';

const wabt = await loadWabt();
const root = new URL('../', import.meta.url);
const sources = readdirSync(new URL('src/', root), { recursive: true, encoding: 'utf8' });

for (const name of sources.filter((path) => path.endsWith('.wat'))) {
  const source = `src/${name}`;
  const module = wabt.parseWat(source, readFileSync(new URL(source, root), 'utf8'), { threads: true });
  const target = new URL(`dist/${source.replace(/\.wat$/, '.wasm')}`, root);
  mkdirSync(dirname(target.pathname), { recursive: true });
  writeFileSync(target, module.toBinary({}).buffer);
  module.destroy();
}
