import type { HookResult } from '../flows/git-hook.js';
import { type CheckedOutView, checkedOutView } from './checkout.js';

export interface HookView {
  readonly done: readonly CheckedOutView[];
  readonly left: readonly { readonly path: string; readonly why: string; readonly hint: string | null }[];
  readonly untracked: readonly string[];
}

/** What a hook of git brought along, and what it left. */
export function hookView({ done, left, untracked }: HookResult): HookView {
  return {
    done: done.map(checkedOutView),
    left: left.map(({ path, why, hint }) => ({ path, why, hint: hint ?? null })),
    untracked,
  };
}
