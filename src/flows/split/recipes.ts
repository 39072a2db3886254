import { DvsError } from '../../base/errors.js';
import type { CID } from '../../id/cid.js';
import { formatField, parseField } from '../../ops/samples/field.js';
import { type Recipe, recipe } from '../../ops/split/method.js';
import { exact } from '../../ops/split/methods/exact.js';
import { fromColumn } from '../../ops/split/methods/from-column.js';
import { fromFiles } from '../../ops/split/methods/from-files.js';
import { group } from '../../ops/split/methods/group.js';
import { kFold } from '../../ops/split/methods/k-fold.js';
import { stable } from '../../ops/split/methods/stable.js';
import { stratify } from '../../ops/split/methods/stratify.js';
import { time } from '../../ops/split/methods/time.js';
import { normalWeights, type PartWeight } from '../../ops/split/parameters.js';

/** What methods are asked for with; each takes some of it, and the others are refused. */
export interface MethodChoice {
  readonly parts?: readonly PartWeight[] | undefined;
  readonly seed?: string | undefined;
  /** Of k-fold. */
  readonly folds?: number | undefined;
  /** Of from-column: a column, `parent`, or `path:` and an expression. */
  readonly column?: string | undefined;
  /** Of from-files: absolute paths of lists of keys, one a line, by part. */
  readonly lists?: readonly { readonly name: string; readonly path: string }[] | undefined;
  /** Of from-files: the part of all samples that are in no list. */
  readonly rest?: string | undefined;
}

type Taken = keyof MethodChoice;

interface Maker {
  readonly takes: readonly Taken[];
  make(choice: MethodChoice, lists: readonly CID[]): Recipe;
}

const seeded = (choice: MethodChoice): { seed: string; parts: string[]; weights: number[] } => ({
  seed: seedOf(choice),
  ...weighted(choice),
});

const MAKERS: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  ['stable', { takes: ['parts', 'seed'], make: (choice) => recipe(stable, seeded(choice)) }],
  ['exact', { takes: ['parts', 'seed'], make: (choice) => recipe(exact, seeded(choice)) }],
  ['stratify', { takes: ['parts', 'seed'], make: (choice) => recipe(stratify, seeded(choice)) }],
  ['group', { takes: ['parts', 'seed'], make: (choice) => recipe(group, seeded(choice)) }],
  [
    'k-fold',
    {
      takes: ['folds', 'seed'],
      make: (choice) => recipe(kFold, { seed: seedOf(choice), folds: foldsOf(choice) }),
    },
  ],
  ['time', { takes: ['parts'], make: (choice) => recipe(time, weighted(choice)) }],
  ['from-files', { takes: ['lists', 'rest'], make: filesRecipe }],
  ['from-column', { takes: ['column'], make: columnRecipe }],
]);

export const SPLIT_METHODS: readonly string[] = [...MAKERS.keys()];

/** The method that was asked for. `lists`: what those of from-files were stored as. E_USAGE for what it does not take. */
export function chooseRecipe(method: string, choice: MethodChoice, lists: readonly CID[]): Recipe {
  const maker = MAKERS.get(method);
  if (maker === undefined) {
    throw new DvsError('E_USAGE', `there is no method ${method}`, {
      hint: `Methods are: ${SPLIT_METHODS.join(', ')}.`,
    });
  }
  for (const [name, value] of Object.entries(choice)) {
    if (value === undefined || maker.takes.some((taken) => taken === name)) continue;
    throw new DvsError('E_USAGE', `the method ${method} takes no ${name}`, {
      hint: `It takes ${maker.takes.join(' and ')}.`,
    });
  }
  return maker.make(choice, lists);
}

function seedOf({ seed }: MethodChoice): string {
  if (seed !== undefined) return seed;
  throw new DvsError('E_USAGE', 'this method needs a seed', { hint: 'Any text will do: `--seed 42`.' });
}

function foldsOf({ folds }: MethodChoice): number {
  if (folds !== undefined) return folds;
  throw new DvsError('E_USAGE', 'k-fold needs a number of folds', { hint: 'Such as `--folds 5`.' });
}

function weighted({ parts }: MethodChoice): { parts: string[]; weights: number[] } {
  if (parts === undefined) {
    throw new DvsError('E_USAGE', 'this method needs parts with their weights', {
      hint: 'Such as `--parts train=8,val=1,test=1`.',
    });
  }
  return { parts: parts.map(({ name }) => name), weights: normalWeights(parts) };
}

function columnRecipe({ column }: MethodChoice): Recipe {
  if (column !== undefined) return recipe(fromColumn, { column: formatField(parseField(column)) });
  throw new DvsError('E_USAGE', 'from-column needs the column that names the part of each sample', {
    hint: "Such as `--column split`, `--column parent`, or `--column 'path:^([^/]+)/'`.",
  });
}

function filesRecipe({ lists = [], rest }: MethodChoice, ids: readonly CID[]): Recipe {
  if (lists.length === 0) {
    throw new DvsError('E_USAGE', 'from-files needs a list of keys for each part but one', {
      hint: 'Such as `--from test=test.txt --from val=val.txt --rest train`.',
    });
  }
  const parts = lists.map(({ name }) => name);
  return recipe(fromFiles, {
    parts: rest === undefined ? parts : [...parts, rest],
    lists: ids,
    ...(rest === undefined ? {} : { rest }),
  });
}
