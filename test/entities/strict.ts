import { expect } from 'vitest';
import type { ErrorCode } from '#src/base/errors.js';
import { type CID, contentId, nodeId } from '#src/id/cid.js';
import { decode, encode, type Value, type ValueMap } from '#src/id/codec.js';
import { codeOf } from '../support/errors.js';

export const CONTENT: CID = contentId(Buffer.from('abc'));
export const NODE: CID = nodeId(Buffer.from('abc'));

/** A change of a value: fields in place of its own; undefined takes one away. */
export type Change = Readonly<Record<string, Value | undefined>>;

export function changed(value: ValueMap, change: Change): ValueMap {
  const fields = Object.entries({ ...value, ...change });
  const kept: [string, Value][] = [];
  for (const [name, field] of fields) if (field !== undefined) kept.push([name, field]);
  return Object.fromEntries(kept);
}

/** The code that a value is refused with, when it comes as the bytes of a node. */
export function refusal(parse: (value: Value) => unknown, value: Value): Promise<ErrorCode | string> {
  return codeOf(() => parse(decode(encode(value))));
}

/** Refuses every map that lacks a field, has one more, or has a field of any wrong type. */
export async function assertStrict(
  parse: (value: Value) => unknown,
  value: ValueMap,
  optional: readonly string[] = [],
): Promise<void> {
  expect(() => parse(decode(encode(value)))).not.toThrow();
  expect(await refusal(parse, changed(value, { more: 1 }))).toBe('E_ENCODING');
  for (const field of Object.keys(value)) {
    if (!optional.includes(field)) {
      expect([field, await refusal(parse, changed(value, { [field]: undefined }))]).toEqual([
        field,
        'E_ENCODING',
      ]);
    }
    for (const wrong of [null, true, [], {}, -1, '', Buffer.of(1), [1, 2, 3]]) {
      if (JSON.stringify(wrong) === JSON.stringify(value[field])) continue;
      expect([field, wrong, await refusal(parse, changed(value, { [field]: wrong }))]).toEqual([
        field,
        wrong,
        'E_ENCODING',
      ]);
    }
  }
  for (const wrong of [null, 1, 'x', [], Buffer.of(1)])
    expect(await refusal(parse, wrong)).toBe('E_ENCODING');
  expect(await refusal(parse, changed(value, { dvs: 2 }))).toBe('E_FORMAT');
  expect(await refusal(parse, changed(value, { kind: 'run' }))).toBe('E_ENCODING');
}
