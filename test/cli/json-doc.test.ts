import { readFileSync, symlinkSync, truncateSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '#cli/commands.js';
import { Scratch } from './support.js';

const DOCUMENT = readFileSync(new URL('../../docs/json.md', import.meta.url), 'utf8');

interface Keys {
  readonly always: string[];
  readonly sometimes: string[];
}

/** The keys in the table of each section. */
function documentedKeys(): Map<string, Keys> {
  const sections = new Map<string, Keys>();
  for (const section of DOCUMENT.split(/^#{2,3} /m).slice(1)) {
    const rows = [...section.matchAll(/^\| `(\w+)` \| (.*) \|$/gm)];
    const keysOf = (optional: boolean): string[] =>
      rows.filter(([, , text]) => text?.startsWith('*sometimes*') === optional).map(([, key = '']) => key);
    const title = section.slice(0, section.indexOf('\n'));
    sections.set(title, { always: keysOf(false), sometimes: keysOf(true) });
  }
  return sections;
}

const documented = documentedKeys();
const used = new Set<string>();

/** Holds objects against the table of a section. With `open`, they may have more keys. */
function check(section: string, values: readonly object[], { open = false } = {}): void {
  used.add(section);
  const { always = [], sometimes = [] } = documented.get(section) ?? {};
  expect(always.length, `${section} is documented`).toBeGreaterThan(0);
  expect(values.length, `${section} has an example`).toBeGreaterThan(0);
  for (const value of values) {
    const keys = Object.keys(value);
    expect(keys, section).toEqual(expect.arrayContaining(always));
    const unknown = keys.filter((key) => !always.includes(key) && !sometimes.includes(key));
    if (!open) expect(unknown, section).toEqual([]);
  }
}

let scratch: Scratch;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ scratch, remove } = await Scratch.shared());
  await scratch.ok('init');
  for (const name of ['kept', 'gone', 'moved', 'other']) scratch.write(`data/train/${name}`, name);
  symlinkSync('kept', scratch.path('data/train/link'));
});

afterAll(() => remove());

describe('docs/json.md has the keys of', () => {
  test('init', async () => check('init', [await scratch.json('init')]));

  test('add', async () => {
    check('add', [await scratch.json('add', 'data', '-n'), await scratch.json('add', 'data')]);
    scratch.write('w.bin', 'w');
    scratch.write('v.bin', 'v');
    const several = await scratch.json('add', 'w.bin', 'v.bin');
    check('add, several paths', [several]);
    const one = documented.get('add');
    const inList = one?.always.filter((key) => key !== 'storedBytes' && key !== 'dryRun').sort();
    for (const version of several.versions) expect(Object.keys(version).sort()).toEqual(inList);
  });

  test('status and diff', async () => {
    scratch.write('data/train/new', 'new');
    scratch.write('data/train/kept', 'changed');
    scratch.write('data/train/renamed', 'moved');
    for (const name of ['gone', 'moved', 'link']) scratch.remove(`data/train/${name}`);
    const status = await scratch.json('status');
    check('status', [status]);
    check('status, tracked', status.tracked);
    const diff = await scratch.json('diff');
    check('diff', [diff]);
    check('diff, added and removed', diff.added);
    check('diff, added and removed', diff.removed);
    check('diff, modified', diff.modified);
    check('diff, renamed', diff.renamed);
    expect(diff.removed.map((entry: object) => 'target' in entry)).toEqual([false, true]);
  });

  test('log and tag', async () => {
    check('tag', [await scratch.json('tag', 'data:v1', 'prod')]);
    check('tag', await scratch.json('tag', 'data'));
    check('tag', [await scratch.json('tag', '-d', 'data:prod')]);
    check('log', await scratch.json('log'));
  });

  test('show and resolve', async () => {
    const shown = await scratch.json('show', 'data:v1');
    check('show', [shown], { open: true });
    check('show', [await scratch.json('show', shown.madeBy[0])], { open: true });
    check('show', [await scratch.json('show', 'data:v1/train/gone')]);
    check('resolve', [await scratch.json('resolve', 'data:v1')]);
  });

  test('ls', async () => {
    const files = await scratch.json('ls', 'data:v1');
    check('ls', [...files, ...(await scratch.json('ls', 'data:v1', '--folders'))]);
    expect(files.filter((entry: object) => 'target' in entry)).toHaveLength(1);
    check('ls, names', await scratch.json('ls'));
  });

  test('checkout', async () => {
    check('checkout', [await scratch.json('checkout', 'data:v1', 'out')]);
    check('checkout', await scratch.json('checkout', '--force'));
  });

  test('index rebuild', async () => check('index rebuild', [await scratch.json('index', 'rebuild')]));

  test('verify', async () => {
    check('verify', [await scratch.json('verify')]);
    truncateSync(scratch.path('.dvs/log/0000000000000001'), 50);
    const report = JSON.parse((await scratch.run(['verify', '--json'])).stdout);
    check('verify, damaged and missing', [...report.damaged, ...report.missing]);
  });

  test('errors', async () => {
    const { stderr } = await scratch.run(['add', '..', '--json']);
    const document = JSON.parse(stderr);
    expect(Object.keys(document)).toEqual(['error']);
    check('errors', [document.error]);
  });

  test('everything that it has a table for, and every command', () => {
    const withTables = [...documented].filter(([, { always }]) => always.length > 0).map(([title]) => title);
    expect([...used].sort()).toEqual(withTables.sort());
    const commands = new Set(withTables.map((title) => title.split(/[ ,]/)[0]));
    for (const { name } of COMMANDS.filter(({ name }) => name !== 'cat')) expect(commands).toContain(name);
  });
});
