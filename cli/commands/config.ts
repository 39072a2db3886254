import { type Command, Option } from 'commander';
import {
  type ChangedSetting,
  configure,
  getSetting,
  type ListedSetting,
  listSettings,
  type SettingWish,
} from '../../src/flows/config.js';
import { settingChangeView, settingView } from '../../src/wire/config.js';
import { sourceOf } from '../../src/workspace/settings/config.js';
import type { FileOrigin } from '../../src/workspace/settings/reach.js';
import type { Dvs } from '../dvs.js';
import { addExamples } from '../options.js';
import { type Line, type Report, styled } from '../report.js';
import { table } from '../table.js';

/** A setting that cannot be used must not keep its own cure from running. */
const ANY = { anySettings: true };

interface Options {
  readonly user?: boolean;
  readonly global?: boolean;
  readonly shared?: boolean;
  readonly local?: boolean;
}

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [
    ['dvs config list', 'all settings, and where each comes from'],
    ['dvs config get core.jobs', 'one of them'],
    ['dvs config set core.jobs 4', 'in this workspace on this machine'],
    ['dvs config set --user core.user ada', 'in all of your workspaces'],
    ['dvs config unset core.jobs', 'take it out again'],
  ]);
  command.helpCommand(false);
  const change = (wanted: SettingWish): Promise<void> =>
    run(async ({ config, sources }) => changeReport(await configure(config(), sources, wanted)), ANY);
  command
    .command('list')
    .description('list all settings with their values and origins')
    .action(() => run(async ({ config }) => listReport(listSettings(config())), ANY));
  command
    .command('get')
    .description('print the value of a setting')
    .argument('<key>', 'such as core.jobs')
    .action((key: string) => run(async ({ config }) => getReport(getSetting(config(), key)), ANY));
  placed(command.command('set'))
    .description('set a setting')
    .argument('<key>', 'such as core.jobs')
    .argument('<value>', 'its value')
    .action((key: string, value: string, options: Options) => change({ key, value, ...placeOf(options) }));
  placed(command.command('unset'))
    .description('take a setting out of a file')
    .argument('<key>', 'such as core.jobs')
    .action((key: string, options: Options) => change({ key, ...placeOf(options) }));
}

/** The options that say in which file. */
function placed(command: Command): Command {
  return command
    .addOption(place('user', 'in your own file, for all of your workspaces'))
    .addOption(place('shared', 'in dvs.toml, which git brings to everybody'))
    .addOption(place('local', 'in this workspace on this machine (default)'))
    .addOption(place('global', 'as --user').hideHelp());
}

const PLACES = ['user', 'global', 'shared', 'local'] as const;

/** An option that says in which file; no two of them go together. */
function place(name: (typeof PLACES)[number], what: string): Option {
  return new Option(`--${name}`, what).conflicts(PLACES.filter((other) => other !== name));
}

function placeOf({ user, global, shared, local }: Options): { origin?: FileOrigin } {
  if (user === true || global === true) return { origin: 'user' };
  if (shared === true) return { origin: 'shared' };
  return local === true ? { origin: 'workspace' } : {};
}

function listReport(settings: readonly ListedSetting[]): Report {
  return {
    view: () => settings.map(settingView),
    brief: () => settings.flatMap(({ key, text }) => (text === null ? [] : [`${key}=${text}`])),
    text: () =>
      table(
        settings.map((one) => [one.key, one.text ?? `(${one.otherwise})`, originOf(one)]),
        ['left', 'left', 'left'],
      ),
  };
}

function getReport(one: ListedSetting): Report {
  const value = (): Line[] => (one.text === null ? [] : [one.text]);
  return {
    view: () => settingView(one),
    brief: value,
    text: value,
    // As git: no value is the answer "no".
    status: one.text === null ? 1 : 0,
  };
}

function changeReport(change: ChangedSetting): Report {
  return { view: () => settingChangeView(change), brief: () => [], text: () => changeLines(change) };
}

function* changeLines({ key, value, file, changed, overruledBy }: ChangedSetting): Generator<Line> {
  if (value === undefined)
    yield changed ? `Took ${key} out of ${file}.` : `${file} has no ${key}; nothing was changed.`;
  else
    yield [styled('bold', key), ` = ${value}`, styled('dim', `  in ${file}`), changed ? '' : ' (as before)'];
  if (overruledBy !== undefined) {
    yield styled('yellow', `But ${originOf(overruledBy)} has ${overruledBy.text}, which counts for more.`);
  }
}

function originOf({ key, origin, file }: Pick<ListedSetting, 'key' | 'origin' | 'file'>): string {
  return file ?? sourceOf(key, origin);
}
