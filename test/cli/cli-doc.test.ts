import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { afterAll, describe, expect, test } from 'vitest';
import { COMMANDS, type CommandSummary } from '#cli/commands.js';
import { removeTemplates, withTrueOutput } from './documents.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The documents with examples, and the folder of an empty home that each begins in. */
const DOCUMENTS: { path: string; folder: string }[] = [
  { path: 'README.md', folder: 'tour' },
  { path: 'docs/cli.md', folder: 'digits' },
  { path: 'docs/json.md', folder: 'digits' },
  { path: 'docs/splits.md', folder: 'zoo' },
  { path: 'docs/shuffles.md', folder: 'zoo' },
  ...pagesIn('docs/commands').map((path) => ({ path, folder: 'digits' })),
  ...pagesIn('docs/guides').map((path) => ({ path, folder: '' })),
];

function pagesIn(folder: string): string[] {
  const names = existsSync(ROOT + folder) ? readdirSync(ROOT + folder) : [];
  return names.filter((name) => name.endsWith('.md')).map((name) => `${folder}/${name}`);
}

/** What may differ although all is well: how well this Node's zstd compresses, and dvs's own version. */
const MASKS: readonly (readonly [RegExp, string])[] = [
  [/^(\s*)Stored \d+ B for/gm, '$1Stored - B for'],
  [/made by {2}\w+/g, 'made by  -'],
];

afterAll(removeTemplates);

describe('the examples print what it says in', () => {
  test.concurrent.each(DOCUMENTS)(
    '$path',
    async ({ path, folder }) => {
      const document = readFileSync(ROOT + path, 'utf8');
      const truth = await withTrueOutput(document, folder);
      // `UPDATE_DOCS=1 npx vitest run test/cli/cli-doc` writes what is printed now into the documents.
      const { UPDATE_DOCS } = process.env;
      if (UPDATE_DOCS) writeFileSync(ROOT + path, truth);
      else expect(masked(document)).toBe(masked(truth));
    },
    120_000,
  );
});

describe('the page of dvs', () => {
  test.each(COMMANDS)('$name has an example, and exactly the options there are', async (summary) => {
    const { name } = summary;
    const path = `${ROOT}docs/commands/${name}.md`;
    expect(existsSync(path), `docs/commands/${name}.md`).toBe(true);
    const page = readFileSync(path, 'utf8');
    expect(page).toMatch(new RegExp(`^# dvs ${name}\\b`));
    expect(page).toMatch(new RegExp(`^\\$ (?:.*[ |(])?dvs ${name}\\b`, 'm'));
    expect(optionsIn(page).sort()).toEqual((await optionsOf(summary)).sort());
  });
});

test('docs/cli.md has a row for every command', () => {
  const document = readFileSync(`${ROOT}docs/cli.md`, 'utf8');
  const rows = [...document.matchAll(/^\| \[(\w[\w-]*)\]\(commands\/(.*)\.md\) \| (.*) \|$/gm)];
  expect(rows.map(([, name, page, summary]) => ({ name, page, summary }))).toEqual(
    COMMANDS.map(({ name, summary }) => ({ name, page: name, summary })),
  );
});

function masked(document: string): string {
  return MASKS.reduce((text, [pattern, mask]) => text.replaceAll(pattern, mask), document);
}

/** The first cells of the rows that begin with an option: `-m, --message <text>`. */
function optionsIn(page: string): string[] {
  return [...page.matchAll(/^\| ((?:`-[^`]*`(?:, )?)+) \|/gm)].map(([, cell = '']) =>
    cell.replaceAll('`', '').replaceAll('\\|', '|'),
  );
}

/** The options of a command and its subcommands, without those that every command has. */
async function optionsOf({ name, load }: CommandSummary): Promise<string[]> {
  const command = new Command(name);
  (await load()).define(command, { patterns: [], run: async () => {} });
  const options = [command, ...command.commands].flatMap((member) => member.options);
  return [...new Set(options.filter(({ hidden }) => !hidden).map(({ flags }) => flags))];
}
