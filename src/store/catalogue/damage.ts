import { DvsError, type ErrorCode, isDvsError, systemCode } from '../../base/errors.js';

/** The catalogue is not usable; since it is only an index, the answer is to make it again. */
export class CatalogueDamage extends Error {
  /** The database in which it was found. */
  database: string | undefined;
}

/** What goes wrong with a good catalogue, by what LevelDB says of it; all else is damage. */
const TROUBLE: readonly { says: RegExp; code: ErrorCode; hint: string }[] = [
  { says: /no space|quota/i, code: 'E_NOSPC', hint: 'Free some space and try again.' },
  { says: /permission denied|read-only/i, code: 'E_ACCESS', hint: 'Check the permissions of the catalogue.' },
  {
    says: /too many open|allocate|input\/output|temporarily/i,
    code: 'E_IO',
    hint: 'Check the system and try again.',
  },
];

/** What an error of LevelDB means: damage of `database`, or trouble around it. */
export function asDamage(error: unknown, database: string | undefined): unknown {
  if (error instanceof CatalogueDamage) {
    error.database ??= database;
    return error;
  }
  if (isDvsError(error) || systemCode(error)?.startsWith('LEVEL_') !== true) return error;
  const text = describe(error);
  const trouble = TROUBLE.find(({ says }) => says.test(text));
  if (trouble !== undefined) {
    const { code, hint } = trouble;
    return new DvsError(code, `the catalogue cannot be used: ${text}`, { cause: error, hint });
  }
  return Object.assign(new CatalogueDamage(text, { cause: error }), { database });
}

/** True when another process has the database open. */
export function isLocked(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return systemCode(error.cause) === 'LEVEL_LOCKED' || systemCode(error) === 'LEVEL_LOCKED';
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${describe(error.cause)}`;
}
