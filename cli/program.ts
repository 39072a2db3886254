import { type Command, CommanderError } from 'commander';
import { COMMANDS, type CommandSummary } from './commands.js';
import { defineCommand, family, makeProgram } from './definition.js';
import type { Dvs } from './dvs.js';
import { reportError, STATUS } from './exit.js';
import { globalOptions } from './options.js';
import { guardOutput } from './output.js';
import { runReport } from './run.js';

/** Runs the command line `argv` (without node and script) and says with which status to exit. */
export async function main(argv: readonly string[]): Promise<number> {
  const [args, rest] = splitAtDashes(argv);
  const json = args.includes('--json') || args.includes('--jsonl');
  const style = { json, debug: args.includes('--debug') };
  guardOutput((error) => reportError(error, style));
  let status = 0;
  const program = makeProgram();
  let command: Command | undefined;
  try {
    const wanted = wantedCommand(program, args);
    const takesPatterns = wanted?.takesPatterns === true;
    if (wanted !== undefined) {
      const dvs: Dvs = {
        patterns: takesPatterns && rest !== undefined ? rest : [],
        run: async (work, options) => {
          const given = command === undefined ? [program] : [program, ...family(command)];
          status = await runReport(globalOptions(given), work, options);
        },
      };
      command = await defineCommand(program, wanted, dvs);
    }
    const others = rest === undefined || takesPatterns ? [] : ['--', ...rest];
    await program.parseAsync([...args, ...others], { from: 'user' });
    return status;
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportError(error, style);
    if (error.exitCode === 0) return 0; // help or the version was asked for, and shown
    const { usageError } = await import('./usage.js');
    return reportError(usageError(error, program, command), style);
  }
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
  throw new CommanderError(STATUS.usage, 'commander.unknownCommand', `error: unknown command '${second}'`);
}
