import { fileURLToPath } from 'node:url';
import type { Surroundings } from '../dvs.js';
import { PLAN_VARIABLE, type Plan } from './plan.js';

const PRELOAD = new URL('./preload.js', import.meta.url);

/** What to start `dvs` with, so that it follows the plan in all its threads. */
export function following(plan: Plan): Surroundings & { readonly env: Readonly<Record<string, string>> } {
  return {
    nodeArguments: ['--import', fileURLToPath(PRELOAD)],
    env: { [PLAN_VARIABLE]: JSON.stringify(plan) },
  };
}
