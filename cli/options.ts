import { type Command, InvalidArgumentError, Option } from 'commander';
import { LIMITS } from '../src/base/limits.js';
import { parseSize } from '../src/base/size.js';
import { COLOR_CHOICES, type ColorChoice } from './color.js';

/** What every command accepts, before or after its name. */
export interface GlobalOptions {
  readonly C?: string;
  readonly json?: boolean;
  readonly jsonl?: boolean;
  readonly quiet?: boolean;
  readonly color?: ColorChoice;
  readonly pager?: boolean;
  readonly jobs?: number;
  readonly debug?: boolean;
}

/** As the parser has them: what begins with `--no-` is true when it was not given. */
type Given = Omit<GlobalOptions, 'color'> & { readonly color?: ColorChoice | boolean };

/** Declares the global options on a command. */
export function addGlobalOptions(command: Command): Command {
  return command
    .optionsGroup('Everywhere:')
    .option('-C <dir>', 'run as if started in this folder')
    .option('--json', 'print one JSON document (described in docs/schemas)')
    .option('--jsonl', 'print JSON, a document a line')
    .option('-q, --quiet', 'print the ID alone; no progress and no messages')
    .addOption(
      new Option('--color <when>', 'when to print colours (default: auto, on a terminal)').choices(
        COLOR_CHOICES,
      ),
    )
    .option('--no-color', 'the same as --color never (as is the variable NO_COLOR)')
    .option('--no-pager', 'never show long output in a pager')
    .option('-j, --jobs <n>', 'threads to use (default: one for each core)', wholeNumber(1, LIMITS.jobs))
    .option('--debug', 'show stack traces')
    .helpOption('-h, --help', 'show this help');
}

/** Of `--allow-root-link`, which several commands have. */
export const ALLOW_ROOT_LINK =
  'approve, for good, that a tracked folder is a link, and leads where it does now';

/** The global options given to any of these commands. */
export function globalOptions(commands: readonly Command[]): GlobalOptions {
  const given = commands.map((command) => command.opts<Given>());
  const { color: _color, ...others }: Given = Object.assign({}, ...given);
  // Every command has these by default, so the last one must not undo what was said before it.
  const color = given.map(({ color }) => color).findLast((said) => said !== true && said !== undefined);
  return {
    ...others,
    ...(color === undefined ? {} : { color: color === false ? 'never' : color }),
    pager: given.every(({ pager }) => pager !== false),
  };
}

/** A parser of option values that takes whole numbers of at least `least`, and at most `most`. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    const isOpen = most === Number.MAX_SAFE_INTEGER && !(Number(text) > most);
    const end = isOpen ? 'up' : `to ${most}`;
    throw new InvalidArgumentError(`It takes a whole number from ${least} ${end}.`);
  };
}

/** Parses option values that are sizes, in bytes. */
export function byteSize(text: string): number {
  const bytes = parseSize(text);
  if (bytes !== undefined) return bytes;
  throw new InvalidArgumentError('It takes a size, such as 0, 500MiB or 20GiB.');
}

/** A command line, and what it is good for. */
export type Example = readonly [line: string, purpose: string];

const EXAMPLES = new WeakMap<Command, readonly Example[]>();

/** Adds a section of examples to a command's help. */
export function addExamples(command: Command, examples: readonly Example[]): Command {
  EXAMPLES.set(command, examples);
  const width = Math.max(...examples.map(([line]) => line.length));
  const lines = examples.map(([line, purpose]) => `  ${line.padEnd(width)}  ${purpose}`);
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}

/** The examples of a command, for what shows them in another form. */
export function examplesOf(command: Command): readonly Example[] {
  return EXAMPLES.get(command) ?? [];
}
