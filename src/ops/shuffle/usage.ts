import { DvsError } from '../../base/errors.js';

/** Refuses (E_USAGE) what is no whole number from `least` to `most`; a bigint has no upper bound unless one is given. */
export function checkWhole(
  what: string,
  value: number | bigint,
  least: number,
  most?: number | bigint,
): void {
  const whole =
    typeof value === 'bigint' ||
    (Number.isInteger(value) && (most !== undefined || Number.isSafeInteger(value)));
  if (whole && value >= least && (most === undefined || value <= most)) return;
  const end = most ?? Number.MAX_SAFE_INTEGER;
  const beyond = most === undefined && value > end ? ' (a greater one has to be a bigint)' : '';
  throw new DvsError(
    'E_USAGE',
    `${what} has to be a whole number from ${least} to ${end}, not ${String(value)}${beyond}`,
  );
}

/** Refuses (E_USAGE) a bigint for an order of numbers, and the other way round: for who has no types to tell. */
export function checkType(what: string, value: unknown, n: number | bigint): void {
  if (typeof value === typeof n) return;
  throw new DvsError('E_USAGE', `${what} has to be a ${typeof n}, as n is, and not of type ${typeof value}`, {
    hint: typeof n === 'bigint' ? 'Write 5n, or BigInt(i).' : 'Write 5, or Number(i).',
  });
}

/** Refuses (E_USAGE) what cannot be a seed: its text is hashed between line feeds, as UTF-8. */
export function checkSeed(seed: string): void {
  if (typeof seed !== 'string') {
    throw new DvsError('E_USAGE', `a seed has to be a text, not ${String(seed)}`, {
      hint: 'Write the number in quotes.',
    });
  }
  if (seed.includes('\n')) throw new DvsError('E_USAGE', 'a seed cannot have a line feed in it');
  if (!seed.isWellFormed()) {
    throw new DvsError(
      'E_USAGE',
      'a seed has to be well-formed Unicode; this one has half of a surrogate pair',
    );
  }
}
