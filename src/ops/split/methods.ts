import type { ValueMap } from '../../id/value.js';
import { type ReadableMethod, type Recipe, readable } from './method.js';
import { exact } from './methods/exact.js';
import { fromColumn } from './methods/from-column.js';
import { fromFiles } from './methods/from-files.js';
import { group } from './methods/group.js';
import { kFold } from './methods/k-fold.js';
import { like } from './methods/like.js';
import { stable } from './methods/stable.js';
import { stratify } from './methods/stratify.js';
import { time } from './methods/time.js';
import { badParameters } from './parameters.js';

/** THE list of methods. */
export const METHODS: readonly ReadableMethod[] = [
  readable(stable),
  readable(exact),
  readable(stratify),
  readable(group),
  readable(kFold),
  readable(time),
  readable(fromFiles),
  readable(fromColumn),
  readable(like),
];

/**
 * Reads the method of a split from an entity. E_ENCODING when it is malformed; undefined for a name or version that is
 * not known here: such a split can be read, but not made again.
 */
export function parseRecipe(value: ValueMap): Recipe | undefined {
  const { name, version, ...fields } = value;
  if (typeof name !== 'string' || typeof version !== 'number')
    throw badParameters('the method of a split has a name and a version');
  return METHODS.find((method) => method.name === name && method.version === version)?.parse(fields);
}
