/**
 * A process of its own that prints, as JSON, how many nanoseconds one `at` takes for each n that is asked for.
 *
 *   node dist/bench/permute.js <calls> <n>…
 */
import { permutation } from '../src/ops/shuffle/permutation.js';

/** The first of them warm up; the best is what the machine can do when nobody disturbs it. */
const TURNS = 5;

const [calls = 0, ...sizes] = process.argv.slice(2).map(Number);
let sum = 0;
const taken = sizes.map((n) => {
  const order = permutation({ n, seed: '42', epoch: 3 });
  return Math.min(...Array.from({ length: TURNS }, () => nanoseconds(order.at.bind(order), n)));
});
// The sum is used, so that no call can be left out.
if (!Number.isFinite(sum)) throw new Error('no sum');
console.log(JSON.stringify(taken));

/** Of one call, in the mean of `calls` that are spread over all positions. */
function nanoseconds(at: (i: number) => number, n: number): number {
  const stride = Math.max(1, Math.floor(n / calls));
  const start = performance.now();
  for (let call = 0, i = 0; call < calls; call++) {
    sum += at(i);
    i += stride;
    if (i >= n) i = 0;
  }
  return ((performance.now() - start) * 1e6) / calls;
}
