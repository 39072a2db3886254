import { DvsError } from '../../base/errors.js';
import { isMap, type Value, type ValueMap } from '../../id/codec.js';

/** Parts of a split, and folds. */
export const MOST_PARTS = 1000;
const SEED_BYTES = 1000;
const PART_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
/** Sums of weights are below. */
const WEIGHTS_END = 2 ** 32;

/** What most methods take: parts with their weights, and what to shuffle by. */
export interface WeightedParts {
  readonly parts: readonly string[];
  /** As many as parts; integers ≥ 1 without a common divisor (`normalWeights`). */
  readonly weights: readonly number[];
}

export interface SeededParts extends WeightedParts {
  /** Well-formed text without a line feed, at most 1000 bytes of UTF-8. */
  readonly seed: string;
}

/** A part as it is asked for. */
export interface PartWeight {
  readonly name: string;
  readonly weight: number;
}

/**
 * Weights divided by their greatest common divisor: 80, 10, 10 are 8, 1, 1. E_USAGE names the part whose weight is
 * not a whole number of at least one, and for a sum of 2³² or more when divided.
 */
export function normalWeights(parts: readonly PartWeight[]): number[] {
  for (const { name, weight } of parts) {
    if (Number.isSafeInteger(weight) && weight >= 1) continue;
    throw new DvsError('E_USAGE', `the weight of part ${JSON.stringify(name)} is ${weight}`, {
      about: [name],
      hint: 'Weights are whole numbers from 1 to 2⁵³−1, such as `--parts train=8,val=1,test=1`.',
    });
  }
  const divisor = commonDivisor(parts.map(({ weight }) => weight));
  const weights = parts.map(({ weight }) => weight / divisor);
  let sum = 0;
  for (const [i, weight] of weights.entries()) {
    sum += weight;
    if (sum < WEIGHTS_END) continue;
    const name = parts[i]?.name ?? '';
    throw new DvsError('E_USAGE', `with part ${JSON.stringify(name)} weights sum up to ${sum}`, {
      about: [name],
      hint: 'Choose smaller weights: divided by their greatest common divisor they sum up to less than 2³².',
    });
  }
  return weights;
}

function commonDivisor(numbers: readonly number[]): number {
  let divisor = 0;
  for (const number of numbers) {
    let rest = number;
    while (rest !== 0) [divisor, rest] = [rest, divisor % rest];
  }
  return divisor;
}

/** E_ENCODING: what a method cannot be asked with. */
export function badParameters(why: string): DvsError {
  return new DvsError('E_ENCODING', why);
}

/** The fields of `value`: exactly `names`, and at most `optional`. E_ENCODING else. */
export function fieldsOf(value: Value, names: readonly string[], optional: readonly string[] = []): ValueMap {
  if (!isMap(value)) throw badParameters('the method of a split is a map');
  for (const name of names) {
    if (!Object.hasOwn(value, name)) throw badParameters(`the method of a split lacks its ${name}`);
  }
  for (const name of Object.keys(value)) {
    if (!names.includes(name) && !optional.includes(name))
      throw badParameters(`the method of a split takes no ${JSON.stringify(name.slice(0, 100))}`);
  }
  return value;
}

export function parseSeed(value: Value | undefined): string {
  const fits =
    typeof value === 'string' &&
    value.length <= SEED_BYTES &&
    value.isWellFormed() &&
    !value.includes('\n') &&
    Buffer.byteLength(value) <= SEED_BYTES;
  if (!fits) throw badParameters(`a seed is text without a line feed, of at most ${SEED_BYTES} bytes`);
  return value;
}

export function isPartName(text: string): boolean {
  return PART_NAME.test(text);
}

export function parsePartNames(value: Value | undefined): string[] {
  if (!Array.isArray(value) || value.length < 1 || value.length > MOST_PARTS)
    throw badParameters(`a split has 1 to ${MOST_PARTS} parts`);
  const names = new Set<string>();
  for (const name of value) {
    if (typeof name !== 'string' || !isPartName(name)) {
      const shown = typeof name === 'string' ? JSON.stringify(name.slice(0, 120)) : 'what is no text';
      throw badParameters(
        `${shown} cannot name a part: 1 to 100 of A-Z a-z 0-9 . _ -, beginning with a letter or digit`,
      );
    }
    if (names.has(name)) throw badParameters(`two parts are named ${name}`);
    names.add(name);
  }
  return [...names];
}

export function parseWeightedParts({ parts, weights }: ValueMap): WeightedParts {
  const names = parsePartNames(parts);
  if (!Array.isArray(weights) || weights.length !== names.length)
    throw badParameters('a split has one weight for each part');
  const numbers = weights.map((weight, i) => {
    if (typeof weight === 'number' && Number.isSafeInteger(weight) && weight >= 1) return weight;
    throw badParameters(`the weight of part ${names[i]} is no whole number of at least 1`);
  });
  if (commonDivisor(numbers) !== 1) throw badParameters('the weights of a split have a common divisor');
  if (numbers.reduce((a, b) => a + b, 0) >= WEIGHTS_END)
    throw badParameters('the weights of a split sum up to 2³² or more');
  return { parts: names, weights: numbers };
}

export function parseSeededParts(value: ValueMap): SeededParts {
  const { seed, ...fields } = fieldsOf(value, ['seed', 'parts', 'weights']);
  return { seed: parseSeed(seed), ...parseWeightedParts(fields) };
}

export function encodeSeededParts({ seed, parts, weights }: SeededParts): ValueMap {
  return { seed, parts: [...parts], weights: [...weights] };
}
