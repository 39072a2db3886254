import type { Command, CommanderError } from 'commander';
import { DvsError } from '../src/base/errors.js';
import { suggest } from '../src/base/suggest.js';
import { isSettingKey } from '../src/workspace/settings/list.js';
import { COMMANDS } from './commands.js';
import { family } from './definition.js';
import { habitsOf } from './habits.js';

const LIST = '`dvs help` lists all commands.';

/** What commander has against a command line, with what to type instead. */
export function usageError(error: CommanderError, program: Command, command: Command | undefined): DvsError {
  const { code } = error;
  const [message = ''] = error.message.replace(/^error: /, '').split('\n');
  const quoted = /'(.*)'$/s.exec(message)?.[1] ?? '';
  if (code === 'commander.help') return missingCommand(command);
  if (code === 'commander.unknownCommand') return wrong(message, unknownCommand(quoted, command));
  if (code === 'commander.unknownOption') return wrong(message, unknownOption(quoted, program, command));
  return wrong(
    message,
    command === undefined ? LIST : `\`dvs help ${command.name()}\` shows how it is used.`,
  );
}

function wrong(message: string, hint: string): DvsError {
  return new DvsError('E_USAGE', message, { hint });
}

function missingCommand(command: Command | undefined): DvsError {
  if (command === undefined) return wrong('a command is missing', LIST);
  return wrong(`${command.name()} needs one of: ${subcommands(command).join(', ')}`, helpOf(command));
}

function unknownCommand(typed: string, command: Command | undefined): string {
  if (command !== undefined) {
    if (isSettingKey(typed))
      return `\`dvs config get ${typed}\` shows it, \`dvs config set ${typed} <value>\` sets it.`;
    const near = suggest(typed, subcommands(command)).map((name) => `\`dvs ${command.name()} ${name}\``);
    return near.length > 0 ? `Did you mean ${near.join(' or ')}?` : helpOf(command);
  }
  const known = COMMANDS.filter(({ isHidden }) => isHidden !== true).map(({ name }) => name);
  const habits = habitsOf(typed, known);
  if (habits.length > 0) return `Here that is ${habits.join(', or ')}. ${LIST}`;
  const near = suggest(typed, [...known, 'help']).map((name) => `\`dvs ${name}\``);
  return near.length > 0 ? `Did you mean ${near.join(' or ')}?` : LIST;
}

function unknownOption(typed: string, program: Command, command: Command | undefined): string {
  const members = command === undefined ? [program] : family(command);
  const known = members.flatMap(({ options }) => options.flatMap(({ long }) => long ?? []));
  const near = typed.startsWith('--') ? suggest(typed, new Set([...known, '--help'])) : [];
  const more = command === undefined ? LIST : `\`dvs help ${command.name()}\` lists its options.`;
  return near.length > 0 ? `Did you mean ${near.join(' or ')}? ${more}` : more;
}

function subcommands(command: Command): string[] {
  return command.commands.map((member) => member.name());
}

function helpOf(command: Command): string {
  return `\`dvs help ${command.name()}\` shows what there is.`;
}
