import type { Initialised } from '../flows/init.js';

export function initView({ root, store, created, madeStore, present, missing }: Initialised): object {
  return { root, store, created, madeStore, present, missing };
}
