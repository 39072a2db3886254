import { DvsError, ERROR_CODES, type ErrorCode, systemCode } from '../base/errors.js';

/** What a worker can be asked: the name of each task, what it takes and what it answers. Plain data only. */
export type TaskMap = { [task: string]: { input: unknown; output: unknown } };

export interface Request {
  readonly id: number;
  readonly task: string;
  readonly input: unknown;
}

export type Reply =
  | { readonly id: number; readonly output: unknown }
  | { readonly id: number; readonly failure: Failure };

/** An error on its way between threads, where classes are lost. */
export interface Failure {
  readonly code: string | undefined;
  readonly system: string | undefined;
  readonly message: string;
  readonly hint: string | undefined;
  readonly about: readonly string[];
  readonly stack: string | undefined;
}

export function toFailure(error: unknown): Failure {
  const known = error instanceof DvsError ? error : undefined;
  return {
    code: known?.code,
    system: systemCode(known?.cause ?? error),
    message: error instanceof Error ? error.message : String(error),
    hint: known?.hint,
    about: known?.about ?? [],
    stack: error instanceof Error ? error.stack : undefined,
  };
}

export function fromFailure(failure: Failure): Error {
  const cause = Object.assign(new Error(failure.stack ?? failure.message), { code: failure.system });
  const code = ERROR_CODES.find((known): known is ErrorCode => known === failure.code);
  if (code === undefined)
    return Object.assign(new Error(failure.message, { cause }), { code: failure.system });
  return new DvsError(code, failure.message, {
    cause,
    about: failure.about,
    ...(failure.hint === undefined ? {} : { hint: failure.hint }),
  });
}
