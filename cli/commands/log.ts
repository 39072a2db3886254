import type { Command } from 'commander';
import { type HistoricVersion, history, keyOf } from '../../src/flows/history.js';
import { type LoggedChange, log } from '../../src/flows/log.js';
import type { VersionStat } from '../../src/flows/version-stat.js';
import { historyView, logView } from '../../src/wire/log.js';
import type { Dvs } from '../dvs.js';
import { formatBytes, formatTime, shortId, thousands } from '../format.js';
import { Graph } from '../graph.js';
import { addExamples, wholeNumber } from '../options.js';
import { type Line, type Report, type Span, type Style, spansOf, styled } from '../report.js';
import { map, take } from '../streams.js';

const NOTHING = 'Nothing was recorded yet. Begin with `dvs add <path>`.';

interface Options {
  readonly maxCount?: number;
  readonly graph?: boolean;
  readonly stat?: boolean;
}

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [
    ['dvs log', 'everything that happened in this store'],
    ['dvs log mnist -n 5', 'the last five moves of a name and its tags'],
    ['dvs log mnist --stat', 'with how much changed each time'],
    ['dvs log --graph', 'which version came from which'],
  ])
    .argument('[name]', 'only this name (default: all)')
    .option('-n, --max-count <n>', 'no more than this many', wholeNumber(0))
    .option('--graph', 'draw which version came from which')
    .option('--stat', 'tell how much changed with each version')
    .action((name: string | undefined, { maxCount, graph = false, stat = false }: Options) =>
      run(async ({ repository }) => {
        const repo = await repository();
        return graph
          ? graphReport(take(history(repo, name, { stat }), maxCount), maxCount !== 0)
          : logReport(take(log(repo, name, { stat }), maxCount), maxCount !== 0);
      }),
    );
}

/** `isAsked`: more than none are wanted, so that none means that there are none. */
function logReport(changes: AsyncIterable<LoggedChange>, isAsked: boolean): Report {
  return {
    view: () => map(changes, logView),
    brief: () => ids(changes),
    text: () => (isAsked ? lines(changes) : []),
    pages: true,
  };
}

function graphReport(versions: AsyncIterable<HistoricVersion>, isAsked: boolean): Report {
  return {
    view: () => map(versions, historyView),
    brief: () => ids(versions),
    text: () => (isAsked ? graphLines(versions) : []),
    pages: true,
  };
}

async function* ids(changes: AsyncIterable<LoggedChange>): AsyncGenerator<Line> {
  for await (const { to } of changes) if (to !== null) yield to.toString();
}

async function* lines(changes: AsyncIterable<LoggedChange>): AsyncGenerator<Line> {
  let isFirst = true;
  for await (const change of changes) {
    if (!isFirst) yield '';
    isFirst = false;
    yield* changeLines(change);
  }
  if (isFirst) yield NOTHING;
}

function* changeLines({
  seq,
  name,
  tag,
  version,
  from,
  to,
  time,
  by,
  message,
  stat,
}: LoggedChange): Generator<Line> {
  const title = tag === undefined ? `${name}:v${version}` : `${name}:${tag}`;
  const id = to === null ? styled('red', 'deleted') : styled('cyan', to.toString());
  yield [styled('bold', title), '  ', id];
  yield styled(
    'dim',
    `  commit ${seq}, ${formatTime(time)}, ${by}${from ? `, before: ${shortId(from)}` : ''}`,
  );
  if (message !== undefined) yield `  ${message}`;
  if (stat !== undefined) yield ['  ', ...statSpans(stat)];
}

async function* graphLines(versions: AsyncIterable<HistoricVersion>): AsyncGenerator<Line> {
  const graph = new Graph();
  let isEmpty = true;
  for await (const version of versions) {
    isEmpty = false;
    const { above, node, below, rest } = graph.add(keyOf(version), version.parents.map(keyOf));
    for (const row of above) yield styled('dim', row);
    const [title = '', ...others] = versionLines(version);
    yield [styled('yellow', node), ...spansOf(title)];
    for (const row of below) yield styled('dim', row);
    for (const line of others) yield [styled('dim', rest), ...spansOf(line)];
  }
  if (isEmpty) yield NOTHING;
}

function versionLines({ to, time, by, message, stat, tags, sameAs, ...version }: HistoricVersion): Line[] {
  const tagged = tags.length === 0 ? [] : [`  (${tags.join(', ')})`];
  const same = sameAs.length === 0 ? '' : `  = ${sameAs.map(keyOf).join(', ')}`;
  return [
    [
      styled('bold', keyOf(version)),
      '  ',
      styled('cyan', shortId(to)),
      ...tagged.map((text) => styled('green', text)),
      styled('dim', same),
    ],
    styled('dim', `${formatTime(time)}, ${by}`),
    ...(message === undefined ? [] : [message]),
    ...(stat === undefined ? [] : [statSpans(stat)]),
  ];
}

/** `1 added (4 B), 2 modified (11 B → 19 B)`: the kinds of change that there are. */
function statSpans({ added, removed, modified }: VersionStat): Span[] {
  const [before, after] = [formatBytes(modified.before), formatBytes(modified.after)];
  const bytes = before === after ? after : `${before} → ${after}`;
  const parts = [
    ...statPart('green', added.files, `added (${formatBytes(added.bytes)})`),
    ...statPart('yellow', modified.files, `modified (${bytes})`),
    ...statPart('red', removed.files, `removed (${formatBytes(removed.bytes)})`),
  ];
  if (parts.length === 0) return [styled('dim', 'no file differs')];
  return parts.flatMap((part, i): Span[] => (i === 0 ? [part] : [', ', part]));
}

function statPart(style: Style, files: number, what: string): Span[] {
  return files === 0 ? [] : [styled(style, `${thousands(files)} ${what}`)];
}
