import type { CheckedOut } from '../flows/checkout.js';

export interface CheckedOutView {
  readonly dest: string;
  readonly id: string;
  readonly name: string | null;
  readonly version: number | null;
  readonly written: number;
  readonly removed: number;
  readonly unchanged: number;
  readonly bytes: number;
  /** Patterns of what is checked out of a tracked path; null when that is all. */
  readonly partial: readonly string[] | null;
  readonly left: Iterable<string>;
  readonly linked: number;
  readonly notLinked: string | null;
}

/** What a checkout did: one object for one place, a list for several. */
export function checkoutView(results: readonly CheckedOut[]): CheckedOutView | CheckedOutView[] {
  const views = results.map(checkedOutView);
  const [only, second] = views;
  return only !== undefined && second === undefined ? only : views;
}

/** What a checkout did at one place. */
export function checkedOutView({ id, name, version, ...rest }: CheckedOut): CheckedOutView {
  const { dest, written, removed, unchanged, bytes, partial, left, linked, notLinked } = rest;
  return {
    dest,
    id: id.toString(),
    name: name ?? null,
    version: version ?? null,
    written,
    removed,
    unchanged,
    bytes,
    partial: partial ?? null,
    left,
    linked,
    notLinked: notLinked ?? null,
  };
}
