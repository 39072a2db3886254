import type { LocatedSample } from '../ops/samples/sample-set.js';
import type { Order, OrderedSample, Stretch } from './order.js';

/** A sample at its place in an order, with all that tells it. */
export interface OrderRow extends OrderedSample, Pick<LocatedSample, 'key' | 'path'> {
  /** 64 random bits for what is done to it in that epoch. */
  readonly seed: bigint;
}

/** The paths of the samples of a stretch; reads nothing of them. */
export async function* orderPaths(order: Order, stretch: Stretch): AsyncGenerator<string, void, undefined> {
  for await (const { number } of stretch.samples()) yield order.population.set.pathOf(number);
}

/** The samples of a stretch with their keys, paths and seeds; reads of each row what its key needs. */
export async function* orderRows(order: Order, stretch: Stretch): AsyncGenerator<OrderRow, void, undefined> {
  for await (const sample of stretch.samples()) {
    const { key, path } = await order.population.set.locate(sample.number);
    yield { ...sample, key, path, seed: order.seedOf(sample.number, stretch.epoch) };
  }
}
