import { Command, CommanderError } from 'commander';
import { DvsError } from '../src/base/errors.js';
import { TOOL } from '../src/flows/tool.js';
import { COMMANDS, type CommandSummary } from './commands.js';
import type { Dvs } from './dvs.js';
import { reportError } from './exit.js';
import { addGlobalOptions, globalOptions } from './options.js';
import { guardOutput } from './output.js';
import { runReport } from './run.js';

/** Runs the command line `argv` (without node and script) and says with which status to exit. */
export async function main(argv: readonly string[]): Promise<number> {
  const [args, rest] = splitAtDashes(argv);
  const json = args.includes('--json') || args.includes('--jsonl');
  const style = { json, debug: args.includes('--debug') };
  guardOutput((error) => reportError(error, style));
  let status = 0;
  try {
    const program = makeProgram();
    const wanted = wantedCommand(program, args);
    const takesPatterns = wanted?.takesPatterns === true;
    const command = program.commands.find((candidate) => candidate.name() === wanted?.name);
    if (wanted !== undefined && command !== undefined) {
      const dvs: Dvs = {
        patterns: takesPatterns && rest !== undefined ? rest : [],
        run: async (work) => {
          status = await runReport(globalOptions([program, ...family(command)]), work);
        },
      };
      (await wanted.load()).define(command, dvs);
      for (const member of family(command)) addGlobalOptions(member);
    }
    const others = rest === undefined || takesPatterns ? [] : ['--', ...rest];
    await program.parseAsync([...args, ...others], { from: 'user' });
    return status;
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportError(error, style);
    if (error.exitCode === 0) return 0; // help or the version was asked for, and shown
    return reportError(usageError(error), style);
  }
}

function makeProgram(): Command {
  const program = new Command('dvs')
    .description('Version what machine learning is made of. Each thing gets an ID computed from its content.')
    .version(TOOL.version, '-V, --version', 'show the version of dvs')
    .helpCommand('help [command]', 'show the help of a command')
    .configureHelp({ showGlobalOptions: false })
    .configureOutput({ outputError: () => {} }) // errors of usage are reported like all others
    .enablePositionalOptions()
    .exitOverride();
  for (const { name, summary, isHidden = false } of COMMANDS) {
    program.command(name, { hidden: isHidden }).summary(summary).description(`dvs ${name}: ${summary}.`);
  }
  return addGlobalOptions(program);
}

/** Splits at the first `--`; the second part is undefined when there is none. */
function splitAtDashes(argv: readonly string[]): [string[], string[] | undefined] {
  const at = argv.indexOf('--');
  return at < 0 ? [[...argv], undefined] : [argv.slice(0, at), argv.slice(at + 1)];
}

/** The one command whose file is needed: that which runs, or that whose help is asked for. */
function wantedCommand(program: Command, args: readonly string[]): CommandSummary | undefined {
  const [first, second] = program.parseOptions([...args]).operands;
  const wanted = first === 'help' ? second : first;
  const found = COMMANDS.find(({ name }) => name === wanted);
  if (found !== undefined || first !== 'help' || second === undefined) return found;
  throw new DvsError('E_USAGE', `unknown command '${second}'`, { hint: 'Run `dvs help`.' });
}

/** A command and its subcommands. */
function family(command: Command): Command[] {
  return [command, ...command.commands];
}

function usageError({ message, code }: CommanderError): DvsError {
  const [what = '', suggestion] = message.replace(/^error: /, '').split('\n');
  const hint = suggestion?.replace(/^\((.*)\)$/, '$1') ?? 'Run `dvs help` or `dvs help <command>`.';
  return new DvsError('E_USAGE', code === 'commander.help' ? 'a command is missing' : what, { hint });
}
