import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as library from '#src/index.js';
import { copyWorkspace, removeTemplates } from '../cli/documents.js';
import { makeTempDir } from '../support/tmp.js';
import { exported } from './exports.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

/** The documents with programs, and the workspace that each runs in: `test/cli/before/<workspace>.sh`. */
const DOCUMENTS = [
  { name: 'api', path: 'docs/api.md', workspace: 'two-versions' },
  { name: 'readme', path: 'README.md', workspace: 'photos' },
] as const;

/** All examples of a document as one program. */
function programOf(document: string): string {
  return [...document.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code).join('\n');
}

let folder: string;
let remove: () => Promise<void>;

/** Compiles all programs at once, as somebody would who has installed dvs. */
beforeAll(async () => {
  ({ path: folder, remove } = await makeTempDir());
  mkdirSync(`${folder}/node_modules`);
  symlinkSync(ROOT, `${folder}/node_modules/dvs`);
  writeFileSync(`${folder}/package.json`, '{ "type": "module" }');
  const compilerOptions = {
    target: 'ES2023',
    module: 'NodeNext',
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    rootDir: '.',
    typeRoots: [`${ROOT}node_modules/@types`],
    types: ['node'],
  };
  writeFileSync(`${folder}/tsconfig.json`, JSON.stringify({ compilerOptions }));
  for (const { name, path } of DOCUMENTS)
    writeFileSync(`${folder}/${name}.ts`, programOf(readFileSync(ROOT + path, 'utf8')));
  await run(process.execPath, [`${ROOT}node_modules/typescript/bin/tsc`, '-p', folder]).catch(
    ({ stdout }) => {
      throw new Error(`the examples do not compile:\n${stdout}`);
    },
  );
}, 120_000);

afterAll(async () => {
  await remove();
  await removeTemplates();
});

describe('the program of', () => {
  test.each(DOCUMENTS)('$path prints what stands behind its arrows', async ({ name, workspace }) => {
    const cwd = `${folder}/${workspace}`;
    await copyWorkspace(workspace, cwd);
    const { stdout } = await run(process.execPath, [`${folder}/${name}.js`], { cwd });
    const expected = [...readFileSync(`${folder}/${name}.ts`, 'utf8').matchAll(/^ *\/\/ → (.*\n)/gm)];
    expect(stdout).toBe(expected.map(([, line]) => line).join(''));
  });
});

describe('what the library exports', () => {
  test('has documentation comments', () => {
    const all = exported();
    const values = all.filter(({ isValue }) => isValue).map(({ name }) => name);
    expect(values.sort()).toEqual(Object.keys(library).sort());
    expect(all.filter(({ comment }) => comment === '').map(({ name }) => name)).toEqual([]);
  });

  test('is in the table of docs/api.md, with the first sentence of its comment', () => {
    const document = readFileSync(`${ROOT}docs/api.md`, 'utf8');
    const rows = exported()
      .filter(({ isValue }) => isValue)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(
        ({ name, comment }) =>
          `| \`${name}\` | ${comment.replace(/\.(?: .*)?$/, '').replaceAll('|', '\\|')} |\n`,
      );
    const truth = document.replace(/(\| --- \| --- \|\n)(?:\|.*\n)*$/, (_, head) => head + rows.join(''));
    const { UPDATE_DOCS } = process.env;
    if (UPDATE_DOCS) writeFileSync(`${ROOT}docs/api.md`, truth);
    else expect(document).toBe(truth);
  });
});
