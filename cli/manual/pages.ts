import { TOOL } from '../../src/flows/tool.js';
import { SETTING_KEYS, settingOf } from '../../src/workspace/settings/list.js';
import { COMMANDS } from '../commands.js';
import { defineCommand, makeProgram } from '../definition.js';
import { GROUPS } from '../dvs.js';
import { statusMeanings } from '../exit.js';
import { commandPage, type Edition, programPage } from './page.js';
import { bold, definitions, prose } from './roff.js';

/** Each manual page by its file name: made of the same definitions that the command line runs by. */
export async function manualPages(date: string): Promise<Map<string, string>> {
  const edition: Edition = { version: TOOL.version, date };
  const program = makeProgram();
  const pages = new Map<string, string>();
  const visible = COMMANDS.filter(({ isHidden }) => isHidden !== true);
  for (const summary of visible) {
    const command = await defineCommand(program, summary, { patterns: [], run: async () => {} });
    pages.set(`dvs-${summary.name}.1`, commandPage(program, command, edition));
  }
  const groups = Object.entries(GROUPS).map(([group, heading]) => {
    const names = visible.filter((one) => one.group === group).map(({ name }) => name);
    return [heading, program.commands.filter((command) => names.includes(command.name()))] as const;
  });
  pages.set(
    'dvs.1',
    programPage(
      program,
      groups.filter(([, commands]) => commands.length > 0),
      PARTS,
      edition,
    ),
  );
  return pages;
}

const REFERENCES: readonly (readonly [string, string])[] = [
  ['an ID', 'In full, or its beginning of at least 6 characters.'],
  ['a tracked path or its name', 'The version that dvs.lock records.'],
  ['name', 'Its latest version.'],
  ['name:v3, name:latest, name:tag', 'That version.'],
  ['any of them, a slash and a path', 'A file or folder in that dataset.'],
];

const STATUSES = [...statusMeanings()].map(([status, meaning]): readonly [string, string] => [
  String(status),
  `${meaning[0]?.toUpperCase()}${meaning.slice(1)}.`,
]);

const FILES: readonly (readonly [string, string])[] = [
  ['.dvs', 'The store of a workspace, and what belongs to it on this machine alone.'],
  ['dvs.lock', 'Which version each tracked path is at; kept in git.'],
  ['dvs.toml', 'Settings worth sharing; kept in git.'],
  [
    '.dvs/config.toml, ~/.config/dvs/config.toml',
    'Settings of this workspace on this machine, and of this user.',
  ],
];

const PARTS: readonly (readonly [string, readonly string[]])[] = [
  ['REFERENCES', [prose('Wherever a reference is accepted it is one of:'), ...rows(REFERENCES)]],
  ['EXIT STATUS', rows(STATUSES)],
  [
    'ENVIRONMENT',
    rows([
      ...SETTING_KEYS.map((key) => {
        const { variable, summary } = settingOf(key);
        return [variable, `The setting ${key}: ${summary}.`] as const;
      }),
      ['DVS_CONFIG', 'Your own file of settings.'],
      ['NO_COLOR', 'When set, no colours.'],
    ]),
  ],
  ['FILES', rows(FILES)],
];

function rows(all: readonly (readonly [string, string])[]): string[] {
  return definitions(all.map(([term, meaning]) => [bold(term), meaning]));
}
