import type { SeenAt } from '../flows/order.js';
import type { OrderRow } from '../flows/order-rows.js';

export interface OrderView {
  readonly step: number;
  readonly number: number;
  readonly key: string;
  readonly path: string;
  /** In decimal: numbers of JSON do not hold 64 bits. */
  readonly seed: string;
  readonly padded: boolean;
}

export interface SeenView {
  readonly number: number;
  readonly step: number;
  readonly rank: number;
  readonly turn: number;
  readonly padded: boolean;
}

export function orderView({ step, number, key, path, seed, padded }: OrderRow): OrderView {
  return { step, number, key, path, seed: String(seed), padded };
}

export function seenView({ number, step, rank, turn, padded }: SeenAt): SeenView {
  return { number, step, rank, turn, padded };
}
