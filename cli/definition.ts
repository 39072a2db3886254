import { Command } from 'commander';
import { TOOL } from '../src/flows/tool.js';
import { COMMANDS } from './commands.js';
import { type CommandLine, type CommandSummary, type Dvs, GROUPS } from './dvs.js';
import { addGlobalOptions } from './options.js';

/** The command line as commander knows it: every command with its summary, none with its options yet. */
export function makeProgram(): Command {
  const program = new Command('dvs')
    .description('Version what machine learning is made of. Each thing gets an ID computed from its content.')
    .version(TOOL.version, '-V, --version', 'show the version of dvs')
    .configureHelp({ showGlobalOptions: false })
    .configureOutput({ outputError: () => {} }) // errors of usage are reported like all others
    .showSuggestionAfterError(false) // `usage.ts` has better ones
    .enablePositionalOptions()
    .exitOverride();
  for (const { name, summary, group, isHidden = false } of COMMANDS) {
    const command = program.command(name, { hidden: isHidden });
    command.summary(summary).description(`dvs ${name}: ${summary}.`).helpGroup(`${GROUPS[group]}:`);
  }
  const help = new Command('help').argument('[command]').description('show the help of a command');
  program.addHelpCommand(help.helpOption(false).helpGroup(`${GROUPS.setup}:`));
  return addGlobalOptions(program);
}

/** Gives a command of `program` its arguments, options and examples; only now is its file loaded. */
export async function defineCommand(
  program: Command,
  { name, load }: CommandSummary,
  dvs: Dvs,
): Promise<Command> {
  const command = program.commands.find((candidate) => candidate.name() === name);
  if (command === undefined) throw new Error(`no command ${name}`);
  (await load()).define(command, dvs);
  for (const member of family(command)) addGlobalOptions(member);
  return command;
}

export const COMMAND_LINE: CommandLine = { commands: COMMANDS, makeProgram, define: defineCommand };

/** A command and its subcommands. */
export function family(command: Command): Command[] {
  return [command, ...command.commands];
}
