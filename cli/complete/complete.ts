import type { Command } from 'commander';
import {
  type Completion,
  completeName,
  completePath,
  completeReference,
  completeTracked,
} from '../../src/flows/complete.js';
import type { Repository } from '../../src/flows/repository.js';
import { isSettingKey, SETTING_KEYS, settingOf } from '../../src/workspace/settings/list.js';
import { type Candidate, MOST, startingWith } from './candidate.js';
import { completeFile } from './files.js';
import { type Kind, kindOf, placeholder } from './kinds.js';
import type { Position } from './position.js';

/** What a completion may look at. */
export interface Sources {
  readonly cwd: string;
  /** The workspace around `cwd`; undefined when there is none. */
  repository(): Promise<Repository | undefined>;
}

/** What could stand at the cursor, where `typed` stands now. */
export async function complete(position: Position, typed: string, sources: Sources): Promise<Candidate[]> {
  const { program, command, option, argument, afterDashes, takesPatterns, operands } = position;
  if (option !== undefined) {
    return values(
      kindOf(command.name(), placeholder(option.flags)),
      option.argChoices,
      typed,
      position,
      sources,
    );
  }
  if (afterDashes && takesPatterns) return patterns(operands[0], typed, sources);
  const assigned = afterDashes ? undefined : /^(--[^=]+)=(.*)$/s.exec(typed);
  if (assigned != null) {
    const [, long = '', value = ''] = assigned;
    const own = command.options.find((one) => one.long === long);
    if (own === undefined) return [];
    const kind = kindOf(command.name(), placeholder(own.flags));
    const found = await values(kind, own.argChoices, value, position, sources);
    return found.map((one) => ({ ...one, text: `${long}=${one.text}` }));
  }
  if (!afterDashes && typed.startsWith('-')) return options(position, typed);
  if (operands.length === 0 && command.commands.length > 0) return subcommands(position, typed);
  if (command === program && operands.length === 1 && operands[0] === 'help')
    return commands(position, typed);
  if (argument === undefined) return [];
  return values(kindOf(command.name(), argument.name()), argument.argChoices, typed, position, sources);
}

async function values(
  kind: Kind,
  choices: readonly string[] | undefined,
  typed: string,
  { operands }: Position,
  { cwd, repository }: Sources,
): Promise<Candidate[]> {
  if (choices !== undefined) return startingWith(typed, choices);
  if (kind === 'file' || kind === 'folder') return completeFile(cwd, typed, kind === 'folder');
  if (kind === 'setting') {
    return SETTING_KEYS.flatMap((key) => startingWith(typed, [key], settingOf(key).summary));
  }
  if (kind === 'value') {
    const [key = ''] = operands;
    return isSettingKey(key) ? startingWith(typed, settingOf(key).type.choices ?? []) : [];
  }
  const repo = kind === 'other' ? undefined : await repository();
  if (repo === undefined) return kind === 'place' ? completeFile(cwd, typed, false) : [];
  if (kind === 'place') {
    const files = await completeFile(cwd, typed, false);
    const inside = await collect(completeReference(repo, typed, MOST));
    return [...files, ...inside.filter(({ text }) => !files.some((file) => file.text === text))];
  }
  if (kind === 'tracked') return collect(completeTracked(repo, typed));
  return collect(kind === 'name' ? completeName(repo, typed, MOST) : completeReference(repo, typed, MOST));
}

/** Paths in the dataset of a reference, or in the workspace without one. */
async function patterns(
  reference: string | undefined,
  typed: string,
  sources: Sources,
): Promise<Candidate[]> {
  if (reference === undefined) return completeFile(sources.cwd, typed, false);
  const repo = await sources.repository();
  if (repo === undefined) return [];
  const slash = typed.lastIndexOf('/');
  const folder = slash < 0 ? reference : `${reference}/${typed.slice(0, slash)}`;
  const found = await collect(completePath(repo, folder, typed.slice(slash + 1)));
  return found.map((one) => ({ ...one, text: one.text.slice(reference.length + 1) }));
}

function options({ command, program }: Position, typed: string): Candidate[] {
  const everywhere = command === program ? [] : program.options.filter(({ long }) => long !== '--version');
  const notes = new Map<string, string>();
  for (const { long, hidden, description } of [...command.options, ...everywhere]) {
    if (long != null && !hidden && !notes.has(long)) notes.set(long, description);
  }
  notes.set('--help', 'show this help');
  return [...notes].flatMap(([long, note]) => startingWith(typed, [long], note));
}

function subcommands(position: Position, typed: string): Candidate[] {
  const { command, program } = position;
  if (command === program) {
    return [...commands(position, typed), ...startingWith(typed, ['help'], 'show the help of a command')];
  }
  return command.commands.flatMap((inner: Command) =>
    startingWith(typed, [inner.name()], inner.description()),
  );
}

function commands({ commands: all }: Position, typed: string): Candidate[] {
  const visible = all.filter(({ isHidden }) => isHidden !== true);
  return visible.flatMap(({ name, summary }) => startingWith(typed, [name], summary));
}

async function collect(found: AsyncIterable<Completion>): Promise<Candidate[]> {
  const all: Candidate[] = [];
  for await (const one of found) if (all.push(one) === MOST) break;
  return all;
}
