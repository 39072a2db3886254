/**
 * Every failure a user can meet, by its stable code. A code never changes its meaning; the command line
 * maps it to an exit status in one place (`cli/exit.ts`).
 */
export const ERROR_CODES = [
  'E_USAGE', // the command line or an argument is wrong
  'E_PATH', // a path that no dataset may hold
  'E_PATH_RESERVED', // .dvs or .git, in any disguise
  'E_PATH_COLLISION', // two paths that one file system would merge
  'E_SYMLINK', // a link that leaves its folder, or anything beneath a link
  'E_TYPE', // a socket, device, pipe: nothing that has bytes to version
  'E_ACCESS', // the operating system refuses
  'E_DATA', // a file of a dataset that its reader cannot read
  'E_CHANGED', // a file kept changing while it was read
  'E_ENCODING', // bytes that are not the one canonical form
  'E_CID', // a text or link that is no ID of ours
  'E_CID_MISMATCH', // bytes that are not what their ID says
  'E_CYCLE', // a structure that leads back to itself
  'E_LIMIT', // larger, deeper or more than any honest input
  'E_BOMB', // compressed bytes that expand beyond what they declare
  'E_MISSING', // the store should have it and does not
  'E_DAMAGED', // the store holds it and it is not intact
  'E_NOT_FOUND', // a reference, path or name that nothing answers to
  'E_AMBIGUOUS', // a reference that more than one thing answers to
  'E_NO_STORE', // no store here or above
  'E_EXISTS', // something is already there
  'E_FORMAT', // written by a newer dvs
  'E_CONFLICT', // somebody else changed it meanwhile
  'E_BUSY', // somebody else holds it for too long
  'E_UNKNOWN', // cannot tell whether a write happened
  'E_UNSAFE', // refused: it would destroy what was never added
  'E_UNSUPPORTED', // this file system or platform cannot do what is needed
  'E_NOSPC', // the disk is full
  'E_IO', // the operating system failed to read or write
  'E_INTERRUPTED', // stopped by the user
  'E_INTERNAL', // a bug in dvs
] as const;

/** The stable code of an error. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/** What an error says beside its code and message. */
export interface ErrorOptions {
  /** What to do next, one sentence in the imperative. */
  readonly hint?: string;
  /** What made it fail. */
  readonly cause?: unknown;
  /** The paths, IDs or names it is about; printed one a line and carried in JSON. */
  readonly about?: readonly string[];
}

/** The one error type of the library: a stable code, what happened, and what to do next. */
export class DvsError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly about: readonly string[];

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'DvsError';
    this.code = code;
    this.hint = options.hint;
    this.about = options.about ?? [];
  }
}

/** True when `error` is a DvsError with one of `codes` (any code when none is given). */
export function isDvsError(error: unknown, ...codes: ErrorCode[]): error is DvsError {
  return error instanceof DvsError && (codes.length === 0 || codes.includes(error.code));
}

/** The `code` of an operating-system error (`ENOENT` …), or undefined for anything else. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Codes of the system itself; those of Node's own complaints (`ERR_…`) speak of bugs. */
const SYSTEM_CODE = /^E[A-Z0-9]+$/;
const SHORTAGE_CODES = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN']);

/** True for what the system is short of just now; it says nothing of what is on the disk. */
export function isShortage(error: unknown): boolean {
  return SHORTAGE_CODES.has(systemCode(error) ?? '');
}

/** Names of temporary files say nothing to people: of those (see `ownedName`) the folder alone. */
function withoutTemporary(path: string): string {
  const folder = /^(.*)[\\/]\d+\.\d+\.[0-9a-f]{8}-[0-9a-f-]{27}\./s.exec(path)?.[1];
  return folder === undefined ? path : `in ${folder}`;
}

const ACCESS_CODES = new Set(['EACCES', 'EPERM', 'EROFS']);
const SPACE_CODES = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Turns a failed system call on `path` into a DvsError; passes DvsErrors and non-system errors through. */
export function ioError(error: unknown, doing: string, path: string): unknown {
  const code = systemCode(error);
  if (code === undefined || !SYSTEM_CODE.test(code) || error instanceof DvsError) return error;
  if (SPACE_CODES.has(code)) {
    return new DvsError('E_NOSPC', `no space left while ${doing} ${withoutTemporary(path)}`, {
      cause: error,
      hint: 'Free some space (see also `dvs cache prune`) and run the same command again; what is stored stays as it is.',
    });
  }
  if (ACCESS_CODES.has(code)) {
    return new DvsError('E_ACCESS', `not allowed: ${doing} ${path} (${code})`, {
      cause: error,
      about: [path],
      hint: 'Check the permissions of that path.',
    });
  }
  return new DvsError('E_IO', `${doing} ${path} failed: ${code}`, {
    cause: error,
    about: [path],
    hint: 'Check the disk; the store keeps only what was written and synced in full.',
  });
}
