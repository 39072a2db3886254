import type { Command } from 'commander';
import { type Shown, show } from '../../src/flows/show.js';
import { shownView } from '../../src/wire/show.js';
import type { Dvs } from '../dvs.js';
import { count, formatBytes, thousands, versionName } from '../format.js';
import { addExamples, wholeNumber } from '../options.js';
import { outlineLines } from '../outline.js';
import { type Display, type Line, styled } from '../report.js';
import { splitLines } from '../split-lines.js';

/** Links of an entity that are listed. */
const SHOWN = 10;

interface Options {
  readonly depth?: number;
  readonly width?: number;
}

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [
    ['dvs show mnist:v1', 'a dataset: how large it is, what lies in it, and which run made it'],
    ['dvs show mnist/train -L 1', 'a folder in it, one level deep'],
    ['dvs show mnist/train/0.png', 'the content of a file'],
    ['dvs show mnist-split', 'the parts of a split, their counts and labels'],
    ['dvs show --json mnist', 'with all fields of the entity'],
  ])
    .argument('<ref>', 'anything that has an ID')
    .option('-L, --depth <n>', 'open this many levels of folders (default: 2)', wholeNumber(0))
    .option('--width <n>', 'show this many entries of each folder (default: 10)', wholeNumber(1))
    .action((reference: string, options: Options) =>
      run(async ({ repository }) => {
        const shown = await show(await repository(), reference, options);
        return {
          view: () => shownView(shown),
          brief: () => (hasNoId(shown) ? [] : [shown.id.toString()]),
          text: (display) => lines(shown, display),
          pages: true,
        };
      }),
    );
}

function* lines(shown: Shown, display: Display): Generator<Line> {
  const { id, kind, path, outline, split } = shown;
  yield [
    styled('bold', kind),
    '  ',
    kind === 'folder' || kind === 'part' ? path : styled('cyan', id.toString()),
  ];
  const rows = hasNoId(shown) ? insideRows(shown) : factRows(shown);
  const width = Math.max(...rows.map(([label]) => label.length));
  for (const [label, text] of rows) yield ['  ', styled('dim', label.padEnd(width)), '  ', text];
  if (split !== undefined) {
    yield '';
    yield* splitLines(split, display);
  }
  if (outline === undefined || outline.children.length === 0) return;
  yield '';
  yield* outlineLines(outline, display);
}

/** Whether it is only known by what it lies in. */
function hasNoId({ kind }: Shown): boolean {
  return kind === 'folder' || kind === 'part';
}

function insideRows({ id, kind, name, version, outline, split }: Shown): [string, string][] {
  const around: [string, string] = ['in', versionName(name, version) ?? id.toString()];
  if (kind === 'part') {
    return [
      around,
      ['samples', `${thousands(split?.parts[0]?.count ?? 0)} of ${thousands(split?.total ?? 0)}`],
    ];
  }
  return [around, ['entries', thousands(outline?.files ?? 0)], sizeRow(outline?.bytes ?? 0)];
}

function factRows({ kind, names, tags, bytes, entity, madeBy, usedBy }: Shown): [string, string][] {
  return [
    ...names.map(({ name, version }): [string, string] => ['name', `${name}:v${version}`]),
    ...tags.map(({ name, tag }): [string, string] => ['tag', `${name}:${tag}`]),
    ...(bytes === undefined ? [] : [sizeRow(bytes)]),
    ...Object.entries(entity?.description ?? {}).map(describe),
    ...madeBy.map((run): [string, string] => ['made by', run.toString()]),
    ...usedBy.map((run): [string, string] => ['used by', run.toString()]),
    // What a dataset links to is what its outline shows.
    ...(kind === 'dataset' ? [] : linkRows(entity)),
  ];
}

function describe([label, text]: [string, string]): [string, string] {
  if (label === 'bytes') return sizeRow(Number(text));
  return [label, label === 'entries' ? thousands(Number(text)) : text];
}

function sizeRow(bytes: number): [string, string] {
  return ['size', bytes < 1024 ? count(bytes, 'byte') : `${formatBytes(bytes)} (${count(bytes, 'byte')})`];
}

function linkRows(entity: Shown['entity']): [string, string][] {
  // Parts are shown with what is in them, and what is divided is described.
  const links = (entity?.links ?? []).filter(
    ({ role }) => entity?.kind !== 'split' || !/^(?:parts|of)\//.test(role),
  );
  const rows = links.slice(0, SHOWN).map(({ role, id }): [string, string] => [role, id.toString()]);
  return links.length > SHOWN ? [...rows, ['', `and ${links.length - SHOWN} more links`]] : rows;
}
