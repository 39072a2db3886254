import { DvsError, type ErrorCode, systemCode } from '../src/base/errors.js';
import { errorView } from '../src/wire/error.js';
import { escapeText } from './escape.js';

/** Exit statuses. They are stable: programs rely on them. */
export const STATUS = {
  done: 0,
  no: 1,
  usage: 2,
  notFound: 3,
  damaged: 4,
  conflict: 5,
  remote: 6,
  unsafe: 7,
  internal: 70,
  system: 74,
  closed: 129,
  interrupted: 130,
  terminated: 143,
} as const;

/** What each of them means, as docs/cli.md has it. */
const MEANING: Readonly<Record<keyof typeof STATUS, string>> = {
  done: 'done',
  no: 'the answer is "no", or "they differ"',
  usage: 'wrong usage',
  notFound: 'not found, or not one thing',
  damaged: 'damaged or malformed data',
  conflict: 'conflict, or busy: try again',
  remote: 'trouble with a remote store',
  unsafe: 'refused as unsafe or unsupported',
  internal: 'a bug in dvs: please report it',
  system: 'the disk is full or fails',
  closed: 'the terminal was closed',
  interrupted: 'stopped by Ctrl-C',
  terminated: 'stopped by SIGTERM',
};

/** The statuses, each with what it means. */
export function* statusMeanings(): Generator<readonly [number, string]> {
  for (const name of Object.keys(STATUS)) if (isStatusName(name)) yield [STATUS[name], MEANING[name]];
}

function isStatusName(name: string): name is keyof typeof STATUS {
  return name in STATUS;
}

/** Which status each error ends with. */
export const STATUS_OF: Readonly<Record<ErrorCode, number>> = {
  E_USAGE: STATUS.usage,
  E_NOT_FOUND: STATUS.notFound,
  E_AMBIGUOUS: STATUS.notFound,
  E_NO_STORE: STATUS.notFound,
  E_MISSING: STATUS.damaged,
  E_DAMAGED: STATUS.damaged,
  E_ENCODING: STATUS.damaged,
  E_CID: STATUS.damaged,
  E_CID_MISMATCH: STATUS.damaged,
  E_CYCLE: STATUS.damaged,
  E_LIMIT: STATUS.damaged,
  E_BOMB: STATUS.damaged,
  E_DATA: STATUS.damaged,
  E_CHANGED: STATUS.conflict,
  E_EXISTS: STATUS.conflict,
  E_CONFLICT: STATUS.conflict,
  E_BUSY: STATUS.conflict,
  E_UNKNOWN: STATUS.remote,
  E_PATH: STATUS.unsafe,
  E_PATH_RESERVED: STATUS.unsafe,
  E_PATH_COLLISION: STATUS.unsafe,
  E_SYMLINK: STATUS.unsafe,
  E_TYPE: STATUS.unsafe,
  E_ACCESS: STATUS.unsafe,
  E_FORMAT: STATUS.unsafe,
  E_UNSAFE: STATUS.unsafe,
  E_UNSUPPORTED: STATUS.unsafe,
  E_NOSPC: STATUS.system,
  E_IO: STATUS.system,
  E_INTERRUPTED: STATUS.interrupted,
  E_INTERNAL: STATUS.internal,
};

/** What an error is about is listed up to here; JSON has all of it. */
const LISTED = 20;

export interface ErrorStyle {
  readonly json: boolean;
  readonly debug: boolean;
}

/** Tells what went wrong, on stderr, and says with which status to exit. */
export function reportError(error: unknown, { json, debug }: ErrorStyle): number {
  const known = error instanceof DvsError ? error : unexpected(error);
  const lines = json ? [JSON.stringify({ error: errorView(known) })] : errorLines(known);
  if (debug) lines.push(stackOf(error));
  process.stderr.write(`${lines.join('\n')}\n`);
  return STATUS_OF[known.code];
}

/** One to three lines for people, then what it is about where the message has not said it. */
function errorLines({ code, message, hint, about }: DvsError): string[] {
  // Messages quote some paths; both are compared as they are shown.
  const told = escapeText(`${message}\n${hint ?? ''}`);
  const untold = about.filter(
    (item) => !told.includes(escapeText(item)) && !told.includes(escapeText(JSON.stringify(item))),
  );
  const more = untold.length - LISTED;
  return [
    escapeText(`dvs: ${message} [${code}]`),
    ...(hint === undefined ? [] : [escapeText(hint)]),
    ...untold.slice(0, LISTED).map((item) => `  ${escapeText(item)}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

/** What is no DvsError is either the operating system's, which names itself, or a bug of ours. */
function unexpected(cause: unknown): DvsError {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (systemCode(cause)?.startsWith('ERR_') === false) {
    return new DvsError('E_IO', message, { cause, hint: 'Run it again with --debug to see where.' });
  }
  return new DvsError('E_INTERNAL', `a bug in dvs: ${message}`, {
    cause,
    hint: 'Please report it, with what --debug prints.',
  });
}

function stackOf(error: unknown): string {
  const stacks: string[] = [];
  for (let at = error; at instanceof Error && stacks.length < 10; at = at.cause) {
    stacks.push((at.stack ?? at.message).split('\n').map(escapeText).join('\n'));
  }
  return stacks.join('\ncaused by ');
}
