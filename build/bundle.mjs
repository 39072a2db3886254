// Joins what the command line loads into few files, as CommonJS: opening a hundred small ones takes longer than most
// commands, and Node takes half as long again over each ES module. The library stays as it was compiled. Code that
// finds files by its own place (worker threads, WebAssembly) finds them beside the bundle under the names they have
// in the sources.
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('../', import.meta.url));

const bundle = await rolldown({
  input: {
    main: `${root}cli/main.ts`,
    'ingest-worker': `${root}src/ops/ingest/ingest-worker.ts`,
    'stat-worker': `${root}src/workspace/stat-worker.ts`,
    'checkout-worker': `${root}src/ops/checkout/checkout-worker.ts`,
  },
  platform: 'node',
  resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
  external: ['@napi-rs/blake-hash', '@cloudpss/zstd/wasm', '@bokuweb/zstd-wasm'],
});
const bundled = `${root}dist/cli/bundle`;
rmSync(bundled, { recursive: true, force: true });
const { output } = await bundle.write({
  dir: bundled,
  format: 'cjs',
  entryFileNames: '[name].js',
  chunkFileNames: '[name].js',
  minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
});
writeFileSync(`${bundled}/package.json`, '{"type":"commonjs"}\n');
copyFileSync(`${root}dist/src/chunk/gear.wasm`, `${bundled}/gear.wasm`);

// The licences of the packages that are part of the bundle go with it.
const packages = new Set(
  output.flatMap(({ moduleIds = [] }) =>
    moduleIds.flatMap((id) => id.match(/^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/) ?? []),
  ),
);
const licenses = [...packages].sort().map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  return `${name} ${version}\n\n${file === undefined ? license : readFileSync(`${folder}/${file}`, 'utf8').trim()}\n`;
});
writeFileSync(`${bundled}/LICENSES.txt`, licenses.join('\n----\n\n'));
