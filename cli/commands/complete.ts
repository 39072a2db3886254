import { resolve } from 'node:path';
import { Argument, type Command, Option } from 'commander';
import { Repository } from '../../src/flows/repository.js';
import { complete } from '../complete/complete.js';
import { findPosition } from '../complete/position.js';
import { printed, SHELLS, type Shell } from '../complete/print.js';
import { splitLine } from '../complete/words.js';
import type { Dvs, Place } from '../dvs.js';
import { addExamples } from '../options.js';

interface Options {
  readonly shell: Shell;
  readonly breaks: string;
}

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [['dvs complete --shell fish -- tag mni', 'what the script of a shell asks']])
    .addArgument(
      new Argument(
        '<words...>',
        'the words after dvs, the last as it stands at the cursor; for bash the line',
      ),
    )
    .addOption(new Option('--shell <shell>', 'who asks').choices(SHELLS).default('fish'))
    .addOption(new Option('--breaks <chars>', 'what bash ends words at').default(''))
    .action((words: string[], options: Options) =>
      run(async (place) => ({ bytes: answer(place, words, options) }), { anySettings: true }),
    );
}

/** Says nothing rather than anything wrong: whoever presses TAB cannot read an error. */
async function* answer(place: Place, words: readonly string[], options: Options): AsyncGenerator<Uint8Array> {
  try {
    const lines = await linesOf(place, words, options);
    yield Buffer.from(lines.map((line) => `${line}\n`).join(''));
  } catch {
    // nothing to offer
  }
}

async function linesOf(
  place: Place,
  words: readonly string[],
  { shell, breaks }: Options,
): Promise<string[]> {
  const last = splitLine(words.at(-1) ?? '');
  const before = shell === 'bash' ? last.before.slice(1) : words.slice(0, -1);
  const position = await findPosition(place.commandLine, before);
  const cwd = resolve(place.cwd, position.folder ?? '');
  let repository: Repository | undefined;
  const sources = {
    cwd,
    async repository() {
      repository ??= await Repository.open(cwd, place.surroundings).catch(() => undefined);
      return repository;
    },
  };
  try {
    return printed(shell, await complete(position, last.current.text, sources), last.current, breaks);
  } finally {
    await repository?.close();
  }
}
