import type { Argument, Command, Option } from 'commander';
import type { CommandLine, CommandSummary, Dvs } from '../dvs.js';

/** Where in a command line the cursor stands. */
export interface Position {
  readonly commands: readonly CommandSummary[];
  readonly program: Command;
  /** The command that the words lead to: the program itself, one of its commands or a subcommand of one. */
  readonly command: Command;
  /** Arguments before the cursor. */
  readonly operands: readonly string[];
  /** The option whose value is typed. */
  readonly option: Option | undefined;
  /** The argument that is typed; undefined when a subcommand is, or when none is left. */
  readonly argument: Argument | undefined;
  /** True when what is typed cannot be an option. */
  readonly afterDashes: boolean;
  readonly takesPatterns: boolean;
  /** What `-C` says. */
  readonly folder: string | undefined;
}

/** Finds out what is typed after `before`, the words that follow `dvs`. Loads the file of one command at most. */
export async function findPosition(commandLine: CommandLine, before: readonly string[]): Promise<Position> {
  const { commands } = commandLine;
  const program = commandLine.makeProgram();
  let command = program;
  const operands: string[] = [];
  let option: Option | undefined;
  let afterDashes = false;
  let takesPatterns = false;
  let folder: string | undefined;
  for (const word of before) {
    if (option !== undefined) {
      if (option.short === '-C') folder = word;
      option = undefined;
    } else if (!afterDashes && word === '--') {
      afterDashes = true;
    } else if (!afterDashes && word.startsWith('-') && word !== '-') {
      option = valueAwaited(command, word);
    } else {
      const inner = operands.length === 0 ? await enter(commandLine, program, command, word) : undefined;
      if (inner === undefined) operands.push(word);
      else {
        takesPatterns ||= commands.some((one) => one.name === word && one.takesPatterns === true);
        command = inner;
      }
    }
  }
  const { registeredArguments: wanted } = command;
  const last = wanted.at(-1);
  const argument = wanted[operands.length] ?? (last?.variadic === true ? last : undefined);
  return { commands, program, command, operands, option, argument, afterDashes, takesPatterns, folder };
}

const NOTHING: Dvs = { patterns: [], run: async () => {} };

/** The command that a word enters, with its options; undefined when the word is none. */
async function enter(
  { commands, define }: CommandLine,
  program: Command,
  command: Command,
  word: string,
): Promise<Command | undefined> {
  if (command !== program) return command.commands.find((inner) => inner.name() === word);
  const summary = commands.find(({ name }) => name === word);
  return summary === undefined ? undefined : define(program, summary, NOTHING);
}

/** The option that a word is when its value comes in the next one. */
function valueAwaited({ options }: Command, word: string): Option | undefined {
  const takesValue = (option: Option | undefined): Option | undefined =>
    option !== undefined && (option.required || option.optional) ? option : undefined;
  if (word.startsWith('--')) return takesValue(options.find(({ long }) => long === word));
  // Of joined short ones the last may want a value, unless one before it took the rest as its own.
  for (const [i, letter] of [...word].slice(1).entries()) {
    const found = takesValue(options.find(({ short }) => short === `-${letter}`));
    if (found !== undefined) return i === word.length - 2 ? found : undefined;
  }
  return undefined;
}
