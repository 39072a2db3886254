import type { Command } from 'commander';
import { type LoggedChange, log } from '../../src/flows/log.js';
import { logView } from '../../src/wire/log.js';
import type { Dvs } from '../dvs.js';
import { formatTime, shortId } from '../format.js';
import { addExamples, wholeNumber } from '../options.js';
import { type Line, styled } from '../report.js';
import { map, take } from '../streams.js';

interface Options {
  readonly maxCount?: number;
}

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [
    ['dvs log', 'everything that happened in this store'],
    ['dvs log mnist -n 5', 'the last five moves of a name and its tags'],
  ])
    .argument('[name]', 'only this name (default: all)')
    .option('-n, --max-count <n>', 'no more than this many', wholeNumber(0))
    .action((name: string | undefined, { maxCount }: Options) =>
      run(async ({ repository }) => {
        const changes = take(log(await repository(), name), maxCount);
        return {
          view: () => map(changes, logView),
          brief: () => ids(changes),
          text: () => lines(changes),
        };
      }),
    );
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
  if (isFirst) yield 'Nothing was recorded yet. Begin with `dvs add <path>`.';
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
}: LoggedChange): Generator<Line> {
  const title = tag === undefined ? `${name}:v${version}` : `${name}:${tag}`;
  const id = to === null ? styled('red', 'deleted') : styled('cyan', to.toString());
  yield [styled('bold', title), '  ', id];
  yield styled(
    'dim',
    `  commit ${seq}, ${formatTime(time)}, ${by}${from ? `, before: ${shortId(from)}` : ''}`,
  );
  if (message !== undefined) yield `  ${message}`;
}
