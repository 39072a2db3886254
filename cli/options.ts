import { type Command, InvalidArgumentError } from 'commander';
import { parseSize } from './sizes.js';

/** What every command accepts, before or after its name. */
export interface GlobalOptions {
  readonly C?: string;
  readonly json?: boolean;
  readonly jsonl?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
  readonly jobs?: number;
  readonly debug?: boolean;
}

/** Declares the global options on a command. */
export function addGlobalOptions(command: Command): Command {
  return command
    .optionsGroup('Everywhere:')
    .option('-C <dir>', 'run as if started in this folder')
    .option('--json', 'print one JSON document (described in docs/schemas)')
    .option('--jsonl', 'print JSON, a document a line')
    .option('-q, --quiet', 'print the ID alone; no progress and no messages')
    .option('--no-color', 'print without colours (as does the variable NO_COLOR)')
    .option('-j, --jobs <n>', 'threads to use (default: one for each core)', wholeNumber(1))
    .option('--debug', 'show stack traces')
    .helpOption('-h, --help', 'show this help');
}

/** Of `--allow-root-link`, which several commands have. */
export const ALLOW_ROOT_LINK =
  'approve, for good, that a tracked folder is a link, and leads where it does now';

/** The global options given to any of these commands. */
export function globalOptions(commands: readonly Command[]): GlobalOptions {
  const given = commands.map((command) => command.opts<GlobalOptions>());
  const merged: GlobalOptions = Object.assign({}, ...given);
  return { ...merged, color: given.every(({ color }) => color !== false) };
}

/** A parser of option values that takes whole numbers of at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isSafeInteger(number) && number >= least) return number;
    throw new InvalidArgumentError(`It takes a whole number from ${least} up.`);
  };
}

/** Parses option values that are sizes, in bytes. */
export function byteSize(text: string): number {
  const bytes = parseSize(text);
  if (bytes !== undefined) return bytes;
  throw new InvalidArgumentError('It takes a size, such as 0, 500MiB or 20GiB.');
}

/** Adds a section of examples to a command's help: each a command line and what it is good for. */
export function addExamples(command: Command, examples: readonly (readonly [string, string])[]): Command {
  const width = Math.max(...examples.map(([line]) => line.length));
  const lines = examples.map(([line, purpose]) => `  ${line.padEnd(width)}  ${purpose}`);
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}
