import type { Target } from '../flows/references.js';

export interface ResolvedView {
  readonly id: string;
  readonly kind: string;
  readonly name: string | null;
  readonly version: number | null;
}

export function resolvedView({ id, kind, name, version }: Target): ResolvedView {
  return { id: id.toString(), kind, name: name ?? null, version: version ?? null };
}
