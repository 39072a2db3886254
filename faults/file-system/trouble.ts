import { constants } from 'node:os';
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
import type { Call } from './calls.js';
import { type Fault, KINDS } from './plan.js';

const COUNTS = 'dvs calls of the file system';
const NO_FAULT: Fault = { kind: 'open', nth: 0, act: 'fail' };

/** What becomes of one call: with which arguments it is made, if at all, and how it ends. */
export interface Fate {
  /** Undefined: it is not made. */
  readonly args: readonly unknown[] | undefined;
  readonly error?: Error;
  /** The fault of the plan has come about. */
  readonly isFault?: boolean;
  /** The process ends when the call is done. */
  readonly isLast?: boolean;
}

/** Counts the calls of all threads of the process, and lets the fault of a plan come about at its call. */
export class Trouble {
  readonly #fault: Fault | undefined;
  readonly #counts: Int32Array;

  constructor(fault: Fault | undefined) {
    this.#fault = fault;
    const shared: unknown = getEnvironmentData(COUNTS);
    const memory = shared instanceof SharedArrayBuffer ? shared : new SharedArrayBuffer(4 * KINDS.length);
    setEnvironmentData(COUNTS, memory); // threads started from here on find it
    this.#counts = new Int32Array(memory);
  }

  /** What becomes of this call; undefined when nothing happens to it. */
  befall(call: Call, args: readonly unknown[]): Fate | undefined {
    const { kind, nth, matching, act, code = 'EIO' } = this.#fault ?? NO_FAULT;
    const names = [call.path ?? '', call.otherPath ?? ''];
    if (matching !== undefined && !names.some((name) => name.includes(matching))) return undefined;
    const count = Atomics.add(this.#counts, KINDS.indexOf(call.kind), 1) + 1;
    if (call.kind !== kind || count !== nth) return undefined;
    switch (act) {
      case 'fail':
        return { args: undefined, isFault: true, error: errorOf(call, code) };
      case 'tear':
        return { args: half(args), isFault: true, error: errorOf(call, code) };
      case 'short':
        return { args: half(args), isFault: true };
      case 'kill before':
        return { args: undefined, isLast: true };
      case 'kill after':
        return { args, isLast: true };
    }
  }

  /** How many calls of each kind there were. */
  counts(): Record<string, number> {
    return Object.fromEntries(KINDS.map((kind, i) => [kind, this.#counts[i] ?? 0]));
  }
}

function errorOf({ kind, path }: Call, code: string): Error {
  const errno = Object.entries(constants.errno).find(([name]) => name === code)?.[1] ?? 0;
  const where = path === undefined ? '' : ` '${path}'`;
  return Object.assign(new Error(`${code}: made to fail, ${kind}${where}`), {
    errno: -errno,
    code,
    syscall: kind,
    path,
  });
}

/** The arguments of a read or write of half as much: descriptor, buffer, offset, length, position. */
function half(args: readonly unknown[]): readonly unknown[] {
  const [fd, bytes, offset, length, ...rest] = args;
  if (!ArrayBuffer.isView(bytes) || typeof offset === 'object') return args;
  const from = Number(offset ?? 0);
  const whole = typeof length === 'number' ? length : bytes.byteLength - from;
  return [fd, bytes, from, Math.ceil(whole / 2), ...rest];
}
