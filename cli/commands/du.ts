import { type Command, Option } from 'commander';
import { DU_BY, type Du, type DuBy, type DuRow, du } from '../../src/flows/du.js';
import { duLines, duView } from '../../src/wire/du.js';
import type { Dvs } from '../dvs.js';
import { formatBytes, shortId, thousands, versionName } from '../format.js';
import { addExamples } from '../options.js';
import { type Display, type Line, styled } from '../report.js';
import { table } from '../table.js';

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [
    ['dvs du', 'every name: how much it takes up, and how much of that alone'],
    ['dvs du mnist', 'version by version'],
    ['dvs du mnist:v3 --by folder', 'folder by folder'],
  ])
    .argument(
      '[refs...]',
      'datasets or folders in them; a name alone is all its versions (default: all names)',
    )
    .addOption(
      new Option('--by <what>', 'a row for each (default: version; name without a reference)').choices(DU_BY),
    )
    .action((references: string[], { by }: { readonly by?: DuBy }) =>
      run(async ({ repository }) => {
        const found = await du(await repository(), { references, ...(by === undefined ? {} : { by }) });
        return {
          view: () => duView(found),
          lines: () => duLines(duView(found)),
          brief: () => found.rows.flatMap(({ id }) => (id === undefined ? [] : [id.toString()])),
          text: (display) => lines(found, display),
          pages: true,
        };
      }),
    );
}

function* lines({ rows, stored }: Du, display: Display): Generator<Line> {
  if (rows.length === 0) {
    yield 'Nothing is recorded yet. Begin with `dvs add <path>`.';
    return;
  }
  const cells = rows.map((row) => [
    labelOf(row),
    thousands(row.files),
    formatBytes(row.bytes),
    formatBytes(row.stored),
    formatBytes(row.stored - row.unique),
    formatBytes(row.unique),
  ]);
  const head = ['', 'files', 'size', 'stored', 'shared', 'unique'];
  const columns = ['short', 'right', 'right', 'right', 'right', 'right'] as const;
  const [first, ...rest] = table([head, ...cells], columns, display);
  if (typeof first === 'string') yield styled('dim', first);
  yield* rest;
  yield `${formatBytes(stored)} stored for all of it together.`;
}

function labelOf({ name, version, id, path }: DuRow): string {
  const what = versionName(name, version) ?? (id === undefined ? '' : shortId(id));
  return path === undefined ? what : `${what}/${path}`;
}
