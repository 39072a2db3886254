import assert from 'node:assert/strict';
import { equalBytes } from '../../base/bytes.js';
import { type ErrorCode, isDvsError } from '../../base/errors.js';
import type { Backend } from '../interface.js';

/** A backend to try, empty at first. */
export interface Subject {
  readonly backend: Backend;
  /** An empty local folder for files to adopt. */
  readonly scratchDir: string;
  /** Called after the check, whether it passed or not. */
  close(): Promise<void>;
}

/** One thing that every backend must do. */
export interface Check {
  readonly name: string;
  run(subject: Subject): Promise<void>;
}

export function assertBytes(actual: Uint8Array | undefined, expected: Uint8Array): void {
  assert.ok(actual !== undefined, 'the key is absent');
  assert.equal(actual.length, expected.length);
  assert.ok(equalBytes(actual, expected), 'these are other bytes');
}

export async function assertFails(code: ErrorCode, act: () => Promise<unknown>): Promise<void> {
  await assert.rejects(act, (error: unknown) => {
    assert.ok(isDvsError(error, code), `expected ${code}, got ${String(error)}`);
    return true;
  });
}

/** The keys under `prefix` with their sizes, sorted. */
export async function listed(backend: Backend, prefix: string): Promise<[string, number][]> {
  const found: [string, number][] = [];
  for await (const { key, size } of backend.list(prefix)) found.push([key, size]);
  return found.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Bytes that look random and are the same each time. */
export function sampleBytes(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}
