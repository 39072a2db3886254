import fc from 'fast-check';
import { equalBytes, hex } from '../../src/base/bytes.js';
import { isDvsError } from '../../src/base/errors.js';
import { Random } from '../random.js';
import type { Decoder } from './decoders.js';
import { hostileBytes } from './mutate.js';

/** What came of many inputs to one decoder. */
export interface Tried {
  readonly runs: number;
  readonly accepted: number;
  readonly refused: number;
  readonly slowestMs: number;
  /** The first thing that was not as it has to be, with the input. */
  readonly failure: string | undefined;
}

const SHOWN = 4000;

/** Gives a decoder `runs` inputs, each made from a number of fast-check's; stops at the first fault. */
export async function tryDecoder(
  decoder: Decoder,
  { runs, seed }: { runs: number; seed: number },
): Promise<Tried> {
  let accepted = 0;
  let refused = 0;
  let slowestMs = 0;
  let last: Uint8Array = new Uint8Array();
  const property = fc.asyncProperty(anyNumber(), async (number) => {
    const random = new Random(number);
    const made = hostileBytes(random, decoder.samples);
    const input = decoder.seal === undefined || random.oneIn(10) ? made : decoder.seal(made);
    last = Uint8Array.from(input);
    const start = performance.now();
    const writesBack = await reading(decoder, input);
    slowestMs = Math.max(slowestMs, performance.now() - start);
    if (writesBack === undefined) refused++;
    else if (writesBack()) accepted++;
    else throw new Error('what was read does not give the same bytes again');
    if (!equalBytes(input, last)) throw new Error('the input was changed');
  });
  const result = await fc.check(property, { numRuns: runs, seed, endOnFailure: true });
  const failure = result.failed
    ? `${decoder.name}: ${describe(result.errorInstance)}; seed ${seed}, run ${result.numRuns}, input ${hex(last).slice(0, SHOWN)}`
    : undefined;
  return { runs: result.numRuns, accepted, refused, slowestMs, failure };
}

/** Each run has a number of its own: shrinking one would give an unrelated input, and a bias the same ones. */
function anyNumber(): fc.Arbitrary<number> {
  return fc.noBias(fc.noShrink(fc.integer({ min: 0, max: 2 ** 32 - 1 })));
}

async function reading(decoder: Decoder, input: Uint8Array): Promise<(() => boolean) | undefined> {
  try {
    return await decoder.read(input);
  } catch (error) {
    if (!isDvsError(error) || error.code === 'E_INTERNAL') throw error;
    return undefined;
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
