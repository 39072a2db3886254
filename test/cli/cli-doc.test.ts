import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { COMMANDS } from '#cli/commands.js';
import { MAIN, Scratch } from './support.js';

/** The documents with examples, and where the folder that they show lies. */
const DOCUMENTS = [
  { name: 'docs/cli.md', home: '/home/ada/digits' },
  { name: 'README.md', home: '/home/ada/tour' },
];
const pathOf = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

const BLOCK = /^```console\n([\s\S]*?)^```$/gm;

/** Runs the commands of all examples, in order in one folder, and puts what they print beneath them. */
async function withTrueOutput(document: string, home: string): Promise<string> {
  const scratch = await Scratch.empty();
  const bin = `${scratch.home}/bin`;
  mkdirSync(bin);
  writeFileSync(`${bin}/dvs`, `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
  chmodSync(`${bin}/dvs`, 0o755);
  const { PATH: path } = process.env;
  const env = { PATH: `${bin}:${path}` };
  let result = '';
  let done = 0;
  for (const { 0: block, 1: body = '', index } of document.matchAll(BLOCK)) {
    result += `${document.slice(done, index)}\`\`\`console\n`;
    for (const [line, command = ''] of body.matchAll(/^\$ (.*)$/gm)) {
      const { stdout } = await scratch.shell(`exec 2>&1; ${command}`, { env });
      result += `${line}\n${stdout.replaceAll(scratch.root, home)}`;
    }
    result += '```';
    done = index + block.length;
  }
  return result + document.slice(done);
}

/** Without what may differ although all is well: how well this Node's zstd compresses, and dvs's own version. */
function masked(document: string): string {
  return document
    .replaceAll(/^Stored \d+ B for/gm, 'Stored - B for')
    .replaceAll(/made by {2}\w+/g, 'made by  -');
}

test.each(DOCUMENTS)('the examples of $name print what it says', async ({ name, home }) => {
  const path = pathOf(name);
  const document = readFileSync(path, 'utf8');
  const truth = await withTrueOutput(document, home);
  // `UPDATE_DOCS=1 npx vitest run test/cli/cli-doc` writes what is printed now into the documents.
  const { UPDATE_DOCS } = process.env;
  if (UPDATE_DOCS) writeFileSync(path, truth);
  else expect(masked(document)).toBe(masked(truth));
});

test('docs/cli.md has a section with an example for every command', () => {
  const document = readFileSync(pathOf('docs/cli.md'), 'utf8');
  for (const { name } of COMMANDS) {
    expect(document).toMatch(new RegExp(`^## dvs ${name}\\b[^#]*^\\$ dvs ${name}\\b`, 'm'));
  }
});
