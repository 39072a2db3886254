import { readFileSync } from 'node:fs';
import { DvsError } from '../base/errors.js';
import { GEAR } from './gear-table.js';

const TABLE_BYTES = 256 * 8;
/** Candidates one scan may find: in honest data one byte in 65,536 is one, 64 in 4 MiB. */
const CAPACITY = 4096;
const OUT_BYTES = CAPACITY * 4;

/** Compiled once in each thread that scans. */
let compiled: WebAssembly.Module | undefined;

/**
 * Finds where chunks may end, in memory that threads share, at several GB/s (`gear.wat`). The table may be
 * common to all scanners of a memory; each needs an `out` area of its own.
 */
export class GearScanner {
  readonly #memory: WebAssembly.Memory;
  readonly #tableAt: number;
  readonly #outAt: number;
  readonly #scan: (...args: number[]) => unknown;

  static readonly tableBytes = TABLE_BYTES;
  static readonly outBytes = OUT_BYTES;

  /** Bytes of memory for one table and the out areas of that many scanners. */
  static memoryNeeded(scanners = 1): number {
    return TABLE_BYTES + scanners * OUT_BYTES;
  }

  /**
   * Uses `tableBytes` at `tableAt` and `outBytes` at `outAt` of a shared memory: both in bytes, multiples of
   * four.
   */
  constructor(memory: WebAssembly.Memory, tableAt: number, outAt: number) {
    this.#memory = memory;
    this.#tableAt = tableAt;
    this.#outAt = outAt;
    const table = new DataView(memory.buffer, tableAt, TABLE_BYTES);
    GEAR.forEach((value, byte) => {
      table.setBigUint64(byte * 8, value, true);
    });
    compiled ??= new WebAssembly.Module(readFileSync(new URL('gear.wasm', import.meta.url)));
    this.#scan = functionIn(new WebAssembly.Instance(compiled, { env: { memory } }), 'scan');
  }

  /**
   * The candidates of the `length` bytes at `dataAt`, ascending, each p in 1..`length` for "a chunk may end
   * before byte p"; undefined if there are more than fit, and then `Cutter.pushBytes` is the way.
   *
   * The 64 bytes before `dataAt` are read. They must be those before it in the file; at the beginning of a
   * file they may be anything, since they can only disturb candidates below 64, and no chunk ends there.
   */
  scan(dataAt: number, length: number): number[] | undefined {
    const count = Number(this.#scan(dataAt, length, this.#tableAt, this.#outAt, CAPACITY));
    return count < 0 ? undefined : Array.from(new Uint32Array(this.#memory.buffer, this.#outAt, count));
  }
}

function functionIn(instance: WebAssembly.Instance, name: string): (...args: number[]) => unknown {
  const found = instance.exports[name];
  if (typeof found !== 'function') throw new DvsError('E_INTERNAL', `gear.wasm has no function ${name}`);
  return (...args) => found(...args);
}
