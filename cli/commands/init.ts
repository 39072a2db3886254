import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { type Initialised, init } from '../../src/flows/init.js';
import { initView } from '../../src/wire/init.js';
import type { Dvs } from '../dvs.js';
import { count } from '../format.js';
import { addExamples } from '../options.js';
import { first } from '../streams.js';

/** Paths without data that are named. */
const SHOWN = 5;

interface Options {
  readonly store?: string;
  readonly force?: boolean;
}

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [
    ['dvs init', 'here'],
    ['dvs init project', 'in a folder, which is made if it is missing'],
    ['dvs init --store /mnt/disk/dvs', 'with the store on another disk, or one that is there already'],
  ])
    .argument('[dir]', 'the folder (default: this one)')
    .option('--store <folder>', 'keep the store there, or use the one that is there (default: in .dvs)')
    .option('-f, --force', 'with --store: also when this workspace used another store')
    .action((dir: string = '.', { store, force }: Options) =>
      run(async ({ cwd, surroundings }) => {
        const made = await init(resolve(cwd, dir), surroundings, {
          ...(store === undefined ? {} : { store: resolve(cwd, store) }),
          ...(force === undefined ? {} : { force }),
        });
        return { view: () => initView(made), brief: () => [], text: () => lines(made, store !== undefined) };
      }),
    );
}

function* lines(made: Initialised, isNamed: boolean): Generator<string> {
  const { root, store, created, madeStore, present, missing } = made;
  const isElsewhere = store !== join(root, '.dvs');
  if (created) yield `Made ${root} a dvs workspace.`;
  else if (!isNamed && !madeStore) yield `${root} is a dvs workspace already; nothing was changed.`;
  if (isElsewhere || (isNamed && !created)) {
    yield madeStore ? `Made an empty store in ${store}.` : `Its store is ${store}.`;
  }
  if (present.length > 0) {
    const all = count(present.length, 'tracked path');
    yield created ? `Next: \`dvs checkout\` to bring ${all}.` : `It has the recorded version of ${all}.`;
  }
  if (missing.length > 0) {
    const more = missing.length > SHOWN ? ` and ${missing.length - SHOWN} more` : '';
    yield `dvs.lock names versions that this store has not: ${[...first(SHOWN, missing)].join(', ')}${more}.`;
    yield 'Next: `dvs init --store <folder>` to use the store that has them, or `dvs add` to record what is on disk.';
  }
  if (created && present.length + missing.length === 0) {
    yield madeStore
      ? 'Next: `dvs add <path>` to record a version of your data.'
      : 'Next: `dvs ls` to see what it has, `dvs checkout <name>` to bring it, `dvs add <path>` to record more.';
  }
}
