import type { DvsError } from '../base/errors.js';

export interface ErrorView {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly about: readonly string[];
}

export function errorView({ code, message, hint, about }: DvsError): ErrorView {
  return { code, message, ...(hint === undefined ? {} : { hint }), about };
}
