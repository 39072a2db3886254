import type { Command } from 'commander';
import { type ListedEntry, list } from '../../src/flows/list.js';
import type { ListedPart, ListedSample } from '../../src/flows/list-samples.js';
import { type ListedName, listNames } from '../../src/flows/names.js';
import { samplesKind } from '../../src/flows/references.js';
import { listedView, nameView, sampleView } from '../../src/wire/list.js';
import type { Dvs } from '../dvs.js';
import { shorten, widthOf } from '../fit.js';
import { count, formatBytes, shortId } from '../format.js';
import { addExamples } from '../options.js';
import { records } from '../records.js';
import { type Display, type Line, type Plain, type Report, styled } from '../report.js';
import { sampleLine } from '../sample-line.js';
import { map } from '../streams.js';
import { table } from '../table.js';

/** `1023.9 MiB` */
const SIZE_WIDTH = 10;
const NO_ID = '-'.repeat(12);
/** Paths are not cut to less than this. */
const LEAST = 16;

interface Options {
  readonly folders?: boolean;
  readonly nameOnly?: boolean;
  readonly z?: boolean;
}

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [
    ['dvs ls', 'the names in this store'],
    ['dvs ls mnist', 'all files of a dataset'],
    ['dvs ls mnist:v1/train --folders', 'what lies directly in a folder of it'],
    ['dvs ls mnist-split/test', 'the samples of a part: number, label, key'],
    ['dvs ls mnist -z | xargs -0 -n 1 echo', 'paths for another program'],
  ])
    .argument(
      '[ref]',
      'a dataset or a path in it, samples, a split or a part of it (default: list the names)',
    )
    .option('--folders', 'sum up what lies in folders, one line each')
    .option('--name-only', 'print only the paths, names, parts or keys')
    .option('-z', 'print only them, as they are, each ended by NUL')
    .action((reference: string | undefined, options: Options) =>
      run(async ({ repository }) => {
        const repo = await repository();
        if (reference === undefined) return nameReport(listNames(repo), options);
        if ((await samplesKind(repo, reference)) === undefined)
          return fileReport(list(repo, reference, options), options);
        const { listSamples } = await import('../../src/flows/list-samples.js');
        const listed = await listSamples(repo, reference);
        return 'parts' in listed ? partReport(listed.parts, options) : sampleReport(listed.samples, options);
      }),
    );
}

function nameReport(names: AsyncIterable<ListedName>, options: Options): Report | Plain {
  const view = (): unknown => map(names, nameView);
  if (isPlain(options))
    return {
      view,
      plain: () =>
        plain(
          map(names, ({ name }) => name),
          options,
        ),
    };
  return {
    view,
    brief: () => map(names, ({ id }) => id.toString()),
    text: (display) => nameLines(names, display),
    pages: true,
  };
}

function isPlain({ nameOnly = false, z = false }: Options): boolean {
  return nameOnly || z;
}

function plain(names: AsyncIterable<string>, { z = false }: Options): AsyncIterable<string> {
  return records(
    map(names, (name) => [name]),
    z,
  );
}

async function* nameLines(names: AsyncIterable<ListedName>, display: Display): AsyncGenerator<Line> {
  const rows: string[][] = [];
  for await (const { name, version, id, kind, files, bytes } of names) {
    const size =
      files === undefined || bytes === undefined ? [kind] : [count(files, 'file'), formatBytes(bytes)];
    rows.push([`${name}:v${version}`, shortId(id), ...size]);
  }
  if (rows.length === 0) yield 'No names yet. Begin with `dvs add <path>`.';
  yield* table(rows, ['short', 'left', 'right', 'right'], display);
}

function fileReport(entries: AsyncIterable<ListedEntry>, options: Options): Report | Plain {
  const view = (): unknown => map(entries, listedView);
  if (isPlain(options)) return { view, plain: () => plain(map(entries, plainPath), options) };
  return {
    view,
    brief: () => ids(entries),
    text: ({ columns }) => map(entries, (entry) => entryLine(entry, columns)),
    pages: true,
  };
}

function partReport(parts: readonly ListedPart[], options: Options): Report | Plain {
  const view = (): unknown => parts;
  if (isPlain(options))
    return {
      view,
      plain: () =>
        records(
          parts.map(({ part }) => [part]),
          options.z === true,
        ),
    };
  return {
    view,
    brief: () => parts.map(({ part }) => part),
    text: (display) =>
      table(
        parts.map(({ part, count: samples }) => [part, count(samples, 'sample')]),
        ['short', 'right'],
        display,
      ),
  };
}

function sampleReport(samples: AsyncIterable<ListedSample>, options: Options): Report | Plain {
  const view = (): unknown => map(samples, sampleView);
  if (isPlain(options))
    return {
      view,
      plain: () =>
        plain(
          map(samples, ({ key }) => key),
          options,
        ),
    };
  return {
    view,
    brief: () => map(samples, ({ number }) => String(number)),
    text: ({ columns }) => map(samples, (sample) => sampleLine(sample, columns)),
    pages: true,
  };
}

function plainPath({ path, type }: ListedEntry): string {
  return type === 'folder' ? `${path}/` : path;
}

async function* ids(entries: AsyncIterable<ListedEntry>): AsyncGenerator<Line> {
  for await (const { id } of entries) if (id !== undefined) yield id;
}

function entryLine(
  { path, type, id, size, target, files }: ListedEntry,
  columns = Number.POSITIVE_INFINITY,
): Line {
  const bytes = type === 'link' ? 'link' : formatBytes(size);
  const after =
    type === 'folder' ? `  ${count(files ?? 0, 'file')}` : target === undefined ? '' : ` → ${target}`;
  const name = type === 'folder' ? `${path}/` : path;
  const room = Math.max(LEAST, columns - SIZE_WIDTH - NO_ID.length - 4 - widthOf(after));
  const shown = shorten(name, room);
  return [
    bytes.padStart(SIZE_WIDTH),
    '  ',
    styled('cyan', id === undefined ? NO_ID : shortId(id)),
    '  ',
    type === 'folder' ? styled('bold', shown) : shown,
    styled('dim', after),
  ];
}
