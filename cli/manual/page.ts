import type { Command, Option } from 'commander';
import { examplesOf } from '../options.js';
import { bold, definitions, italic, macro, plain, prose } from './roff.js';

/** What stands at the head of every page. */
export interface Edition {
  readonly version: string;
  /** `2026-01-02`. */
  readonly date: string;
}

/** The manual page of a command, in roff with the macros of man(7). */
export function commandPage(program: Command, command: Command, edition: Edition): string {
  const members = command.commands.length > 0 ? command.commands : [command];
  const title = `${program.name()}-${command.name()}`;
  return lines(
    head(title, edition),
    '.SH NAME',
    `${plain(title)} \\- ${plain(command.summary())}`,
    '.SH SYNOPSIS',
    ...members.flatMap((member, i) => [...(i === 0 ? [] : ['.PP']), synopsis(program, command, member)]),
    '.SH DESCRIPTION',
    prose(`${capital(command.summary())}.`),
    ...members.flatMap((member) => (member === command ? [] : subcommand(member))),
    ...section('ARGUMENTS', argumentRows(members)),
    ...section(
      'OPTIONS',
      optionRows(
        [command, ...command.commands].flatMap(({ options }) => options),
        program,
      ),
    ),
    ...section('OPTIONS OF EVERY COMMAND', optionRows(program.options.filter(isEverywhere))),
    '.SH EXAMPLES',
    ...examplesOf(command).flatMap(([line, purpose]) => ['.TP', bold(line), prose(purpose)]),
    '.SH SEE ALSO',
    `${bold(program.name())}(1)`,
  );
}

function subcommand(member: Command): string[] {
  return ['.TP', bold(member.name()), prose(`${capital(member.description())}.`)];
}

/** The manual page of the program. `parts` are sections of its own, between options and the list of pages. */
export function programPage(
  program: Command,
  groups: readonly (readonly [heading: string, commands: readonly Command[]])[],
  parts: readonly (readonly [heading: string, body: readonly string[]])[],
  edition: Edition,
): string {
  return lines(
    head(program.name(), edition),
    '.SH NAME',
    `${plain(program.name())} \\- version what machine learning is made of`,
    '.SH SYNOPSIS',
    `${bold(program.name())} ${italic('command')} [${italic('arguments')}]`,
    '.SH DESCRIPTION',
    prose(program.description()),
    '.SH COMMANDS',
    ...groups.flatMap(([heading, commands]) => [
      macro('SS', heading),
      ...definitions(
        commands.map((command) => [`${bold(`${program.name()}-${command.name()}`)}(1)`, command.summary()]),
      ),
    ]),
    ...section('OPTIONS', optionRows(program.options)),
    ...parts.flatMap(([heading, body]) => [macro('SH', heading), ...body]),
    '.SH SEE ALSO',
    prose('`dvs help` and `dvs help <command>` show the same in short.'),
  );
}

function head(title: string, { version, date }: Edition): string {
  return macro('TH', title.toUpperCase(), '1', date, `dvs ${version}`, 'dvs');
}

/** `dvs log [name] [options]`. */
function synopsis(program: Command, command: Command, member: Command): string {
  const words = member === command ? [command] : [command, member];
  const wanted = member.registeredArguments.map((argument) => {
    const name = italic(argument.name() + (argument.variadic ? '...' : ''));
    return argument.required ? name : `[${name}]`;
  });
  return [
    bold([program, ...words].map((word) => word.name()).join(' ')),
    `[${italic('options')}]`,
    ...wanted,
  ].join(' ');
}

function argumentRows(members: readonly Command[]): string[] {
  const rows = new Map<string, string>();
  for (const { registeredArguments } of members) {
    for (const one of registeredArguments) rows.set(one.name(), one.description);
  }
  return definitions([...rows].map(([name, meaning]) => [italic(name), `${capital(meaning)}.`]));
}

/** Options but those of `general`. */
function optionRows(options: readonly Option[], general?: Command): string[] {
  const known = new Set(general?.options.map(({ flags }) => flags));
  const rows = new Map<string, string>();
  for (const { flags, description, hidden } of options) {
    if (!hidden && !known.has(flags)) rows.set(flags, description);
  }
  return definitions([...rows].map(([flags, meaning]) => [bold(flags), `${capital(meaning)}.`]));
}

function isEverywhere({ long }: Option): boolean {
  return long !== '--version';
}

function section(heading: string, body: readonly string[]): string[] {
  return body.length === 0 ? [] : [macro('SH', heading), ...body];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
