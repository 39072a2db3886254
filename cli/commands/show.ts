import type { Command } from 'commander';
import { type Shown, show } from '../../src/flows/show.js';
import { shownView } from '../../src/wire/show.js';
import type { Dvs } from '../dvs.js';
import { count, formatBytes, thousands } from '../format.js';
import { addExamples } from '../options.js';
import { type Line, styled } from '../report.js';

/** Links of an entity that are listed. */
const SHOWN = 10;

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [
    ['dvs show mnist:v1', 'a dataset: how large it is, and which run made it'],
    ['dvs show mnist/train/0.png', 'the content of a file'],
    ['dvs show --json mnist', 'with all fields of the entity'],
  ])
    .argument('<ref>', 'anything that has an ID')
    .action((reference: string) =>
      run(async ({ repository }) => {
        const shown = await show(await repository(), reference);
        return {
          view: () => shownView(shown),
          brief: () => [shown.id.toString()],
          text: () => lines(shown),
        };
      }),
    );
}

function* lines({ id, kind, names, tags, bytes, entity, madeBy, usedBy }: Shown): Generator<Line> {
  yield [styled('bold', kind), '  ', styled('cyan', id.toString())];
  const rows: [string, string][] = [
    ...names.map(({ name, version }): [string, string] => ['name', `${name}:v${version}`]),
    ...tags.map(({ name, tag }): [string, string] => ['tag', `${name}:${tag}`]),
    ...(bytes === undefined ? [] : [sizeRow(bytes)]),
    ...Object.entries(entity?.description ?? {}).map(describe),
    ...madeBy.map((run): [string, string] => ['made by', run.toString()]),
    ...usedBy.map((run): [string, string] => ['used by', run.toString()]),
    // What a dataset links to is what `dvs ls` lists.
    ...(kind === 'dataset' ? [] : linkRows(entity)),
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  for (const [label, text] of rows) yield ['  ', styled('dim', label.padEnd(width)), '  ', text];
}

function describe([label, text]: [string, string]): [string, string] {
  if (label === 'bytes') return sizeRow(Number(text));
  return [label, label === 'entries' ? thousands(Number(text)) : text];
}

function sizeRow(bytes: number): [string, string] {
  return ['size', bytes < 1024 ? count(bytes, 'byte') : `${formatBytes(bytes)} (${count(bytes, 'byte')})`];
}

function linkRows(entity: Shown['entity']): [string, string][] {
  const links = entity?.links ?? [];
  const rows = links.slice(0, SHOWN).map(({ role, id }): [string, string] => [role, id.toString()]);
  return links.length > SHOWN ? [...rows, ['', `and ${links.length - SHOWN} more links`]] : rows;
}
