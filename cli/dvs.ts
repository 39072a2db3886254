import type { Command } from 'commander';
import type { Repository, Surroundings } from '../src/flows/repository.js';
import type { Config } from '../src/workspace/settings/config.js';
import type { ConfigSources } from '../src/workspace/settings/read.js';
import type { Plain, Raw, Report } from './report.js';

/** What commands are for, in the order in which help shows it. */
export const GROUPS = {
  begin: 'Begin',
  record: 'Record and bring back',
  samples: 'Samples, splits and orders',
  look: 'Look',
  edit: 'Edit without checking out',
  space: 'Space',
  git: 'With git',
  setup: 'Set up and check',
} as const;

/** A file in `commands/`: says what its command takes, and what it does with that. */
export interface CommandFile {
  define(command: Command, dvs: Dvs): void;
}

/** A command as the list of commands has it. The rest is loaded only when the command is wanted. */
export interface CommandSummary {
  readonly name: string;
  readonly summary: string;
  readonly group: keyof typeof GROUPS;
  /** True for what programs call and no person types. */
  readonly isHidden?: boolean;
  /** True when what follows `--` are paths or globs in a dataset, kept apart from the other arguments. */
  readonly takesPatterns?: boolean;
  load(): Promise<CommandFile>;
}

/** The command line as a whole, for what completes or describes it. */
export interface CommandLine {
  readonly commands: readonly CommandSummary[];
  /** The program with all its commands, none with its options yet. */
  makeProgram(): Command;
  /** Gives one of the commands its options. */
  define(program: Command, command: CommandSummary, dvs: Dvs): Promise<Command>;
}

/** What a command has to work with. */
export interface Dvs {
  /** What followed `--`, for commands whose patterns come there. */
  readonly patterns: readonly string[];
  /** Runs the work of the command and renders its report as the global options say. */
  run(work: Work, options?: RunOptions): Promise<void>;
}

export interface RunOptions {
  /** For commands that look at settings or mend them: goes on with the built-in ones where others cannot be used. */
  readonly anySettings?: boolean;
}

/** The work of a command: calls one flow, and says how to render what it returned. */
export type Work = (place: Place) => Promise<Report | Plain | Raw>;

/** Where a command runs. */
export interface Place {
  /** The folder it runs in, by `-C` or as it was started. */
  readonly cwd: string;
  readonly surroundings: Surroundings;
  readonly commandLine: CommandLine;
  /** All settings, those of flags and environment included; throws when they could not be read. */
  config(): Config;
  /** Where settings come from: the files that they are kept in, environment and flags. */
  readonly sources: ConfigSources;
  readonly json: boolean;
  readonly quiet: boolean;
  /** The workspace around `cwd`, opened when first asked for and closed at the end. */
  repository(): Promise<Repository>;
}
