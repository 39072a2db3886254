import { DvsError } from '../../base/errors.js';
import { checkWhole } from './usage.js';

/** How far a training has come: a place in the order of one epoch, whatever number of workers go through it. */
export interface Cursor {
  /** What names the permutation, such as `p` or `p:v3`. */
  readonly reference: string;
  readonly epoch: number;
  /** How many positions of the epoch's global order were consumed, by all workers together. */
  readonly step: number;
}

// A reference may have an @ too: what follows the last one has none.
const CURSOR = /^(.+)@(0|[1-9]\d*)\.(0|[1-9]\d*)$/s;

/** Reads `p@3.41600`: epoch 3, 41,600 positions consumed. E_USAGE for anything that `printCursor` does not write. */
export function parseCursor(text: string): Cursor {
  const [, reference, epoch, step] = CURSOR.exec(text) ?? [];
  if (reference === undefined || epoch === undefined || step === undefined) {
    throw new DvsError('E_USAGE', `${JSON.stringify(text.slice(0, 200))} is no place in a shuffled order`, {
      hint: 'Write reference@epoch.step, such as p@3.41600, with plain decimal numbers.',
    });
  }
  // As they are written: a double would already be another number.
  checkWhole('the epoch of a cursor', BigInt(epoch), 0, Number.MAX_SAFE_INTEGER);
  checkWhole('the step of a cursor', BigInt(step), 0, Number.MAX_SAFE_INTEGER);
  return checked({ reference, epoch: Number(epoch), step: Number(step) });
}

/** The text that `parseCursor` reads. E_USAGE without a reference, and for what is no whole number up to 2⁵³−1. */
export function printCursor(cursor: Cursor): string {
  const { reference, epoch, step } = checked(cursor);
  return `${reference}@${epoch}.${step}`;
}

/**
 * Where a training is when it has consumed `consumed` more positions of orders of `n`: at the end of an epoch that is
 * the beginning of the next one. E_USAGE for what is no whole number, a step beyond n, an n that is 0, and an epoch
 * beyond 2⁵³−1.
 */
export function after(cursor: Cursor, consumed: number, n: number): Cursor {
  checkWhole('n', n, 1, 2 ** 53);
  checkWhole('what was consumed', consumed, 0, 2 ** 53);
  checkWhole('the step of a cursor', cursor.step, 0, n);
  const left = n - cursor.step;
  if (consumed < left) return checked({ ...cursor, step: cursor.step + consumed });
  // No sum here can pass 2⁵³, beyond which doubles skip numbers.
  const more = consumed - left;
  const step = more % n;
  return checked({ ...cursor, epoch: cursor.epoch + 1 + (more - step) / n, step });
}

function checked(cursor: Cursor): Cursor {
  if (cursor.reference === '') throw new DvsError('E_USAGE', 'a cursor needs the reference of a permutation');
  checkWhole('the epoch of a cursor', cursor.epoch, 0, Number.MAX_SAFE_INTEGER);
  checkWhole('the step of a cursor', cursor.step, 0, Number.MAX_SAFE_INTEGER);
  return cursor;
}
