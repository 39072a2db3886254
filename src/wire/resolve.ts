import { hex } from '../base/bytes.js';
import type { Target } from '../flows/references.js';
import type { Answer } from '../flows/resolve.js';
import { digestOf } from '../id/cid.js';
import { type ErrorView, errorView } from './error.js';

export interface ResolvedView {
  /** As it was given. */
  readonly reference: string;
  readonly id: string;
  readonly kind: string;
  readonly name: string | null;
  readonly version: number | null;
  /** The path in the dataset that followed; empty when none did. */
  readonly path: string;
  /** The digest in the ID, as `sha256sum` prints that of a file. */
  readonly sha256: string;
}

export function resolvedView(reference: string, { id, kind, name, version, path }: Target): ResolvedView {
  return {
    reference,
    id: id.toString(),
    kind,
    name: name ?? null,
    version: version ?? null,
    path,
    sha256: hex(digestOf(id)),
  };
}

/** One of several: what it leads to, or why it leads nowhere. */
export function answerView(answer: Answer<Target>): ResolvedView | { reference: string; error: ErrorView } {
  const { reference } = answer;
  return 'found' in answer
    ? resolvedView(reference, answer.found)
    : { reference, error: errorView(answer.error) };
}
