/** What the file system is asked for, by its POSIX name; each call counts under one of them. */
export const KINDS = [
  'open',
  'close',
  'read',
  'write',
  'fsync',
  'truncate',
  'rename',
  'link',
  'symlink',
  'unlink',
  'mkdir',
  'rmdir',
  'readdir',
  'readlink',
  'stat',
  'utimes',
  'chmod',
] as const;
export type Kind = (typeof KINDS)[number];

export const ACTS = ['fail', 'tear', 'short', 'kill before', 'kill after'] as const;

/** What goes wrong, once. */
export interface Fault {
  readonly kind: Kind;
  /** Which call of that kind, counted from 1 over all threads. */
  readonly nth: number;
  /** Counts only calls whose path has this in it. */
  readonly matching?: string;
  /**
   * `fail`: nothing is done and the call fails. `tear`: half of a write is done, then it fails. `short`: a read or
   * write does half of what it was asked and says so. `kill …`: the process ends by SIGKILL.
   */
  readonly act: (typeof ACTS)[number];
  /** How it fails: `EIO` unless told. */
  readonly code?: string;
}

/** What the preloaded module is to do in a process. */
export interface Plan {
  /** Only what lies in this folder is recorded and broken. */
  readonly root: string;
  /** The file to which the journal is appended. */
  readonly journal?: string;
  /** Whether the bytes of writes go into the journal. */
  readonly withData?: boolean;
  readonly fault?: Fault;
}

/** The environment variable that carries a plan. */
export const PLAN_VARIABLE = 'DVS_FAULTS_PLAN';

/** The plan that this process was started with; an Error when there is none. */
export function givenPlan(): Plan {
  const { [PLAN_VARIABLE]: text } = process.env;
  if (text === undefined) throw new Error(`${PLAN_VARIABLE} is not set`);
  const { root, journal, withData, fault } = fields(JSON.parse(text));
  return {
    root: textOf(root),
    ...(journal === undefined ? {} : { journal: textOf(journal) }),
    ...(fault === undefined ? {} : { fault: faultOf(fields(fault)) }),
    withData: withData === true,
  };
}

function faultOf({ kind, nth, matching, act, code }: Fields): Fault {
  return {
    kind: oneOf(KINDS, kind),
    nth: Number(nth),
    ...(matching === undefined ? {} : { matching: textOf(matching) }),
    act: oneOf(ACTS, act),
    ...(code === undefined ? {} : { code: textOf(code) }),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function fields(value: unknown): Fields {
  if (typeof value !== 'object' || value === null) throw new Error('a plan is an object');
  return Object.fromEntries(Object.entries(value));
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new Error(`not a text: ${String(value)}`);
  return value;
}

function oneOf<T extends string>(all: readonly T[], value: unknown): T {
  const found = all.find((one) => one === value);
  if (found === undefined) throw new Error(`none of ${all.join(', ')}: ${String(value)}`);
  return found;
}
