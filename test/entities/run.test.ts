import { describe, expect, test } from 'vitest';
import { hex } from '#src/base/bytes.js';
import type { ErrorCode } from '#src/base/errors.js';
import { encodeRun, parseRun, type Run, runKind } from '#src/entities/run.js';
import { contentId } from '#src/id/cid.js';
import { decode, encode, type Value, type ValueMap } from '#src/id/codec.js';
import { hasCode } from '../tree/support.js';

const id = contentId(Buffer.from('abc'));
const minimal: ValueMap = {
  dvs: 1,
  kind: 'run',
  op: 'add',
  inputs: {},
  outputs: { dataset: id },
  tool: { name: 'dvs', version: '0.1.0' },
  start: '2026-01-02T03:04:05.678Z',
  who: 'ada',
};

describe('a run', () => {
  test('is read and written without change', () => {
    const full = { ...minimal, end: '2026-01-02T03:04:06.000Z', message: 'first' };
    for (const value of [minimal, full]) {
      const { bytes } = encodeRun(parseRun(value));
      expect(hex(bytes)).toBe(hex(encode(value)));
    }
  });

  test('keeps the fields of later versions, and their links', () => {
    const later = { ...minimal, code: id, seeds: [{ name: 'torch', value: '1' }], more: { deep: [id] } };
    const run = parseRun(later);
    expect(hex(encodeRun(run).bytes)).toBe(hex(encode(later)));
    expect(
      runKind
        .links(run)
        .map(({ role }) => role)
        .sort(),
    ).toEqual(['code', 'more/deep/0', 'outputs/dataset']);
  });

  test('cannot be made to lie about its kind by such fields', () => {
    const run: Run = { ...parseRun(minimal), more: { kind: 'dataset', dvs: 2, op: 'none' } };
    expect(hex(encodeRun(run).bytes)).toBe(hex(encode(minimal)));
  });

  test('has an ID that is that of its bytes', () => {
    const { id: runId, bytes } = encodeRun(parseRun(minimal));
    expect(parseRun(decode(bytes)).op).toBe('add');
    expect(runId.toString()).toMatch(/^bafyrei/);
  });

  test('is described in a few words', () => {
    expect(runKind.describe(parseRun(minimal))).toEqual({
      op: 'add',
      tool: 'dvs 0.1.0',
      start: '2026-01-02T03:04:05.678Z',
      who: 'ada',
    });
  });

  const refusals: [string, ErrorCode, Value][] = [
    ['another kind', 'E_ENCODING', { ...minimal, kind: 'dataset' }],
    ['a newer format', 'E_FORMAT', { ...minimal, dvs: 2 }],
    ['no op', 'E_ENCODING', { dvs: 1, kind: 'run' }],
    ['inputs that are no map', 'E_ENCODING', { ...minimal, inputs: [] }],
    ['an input that is no link', 'E_ENCODING', { ...minimal, inputs: { data: 'bafy' } }],
    ['a role without a name', 'E_ENCODING', { ...minimal, inputs: { '': id } }],
    ['a role of 201 characters', 'E_ENCODING', { ...minimal, inputs: { ['r'.repeat(201)]: id } }],
    ['a tool that is text', 'E_ENCODING', { ...minimal, tool: 'dvs' }],
    ['a tool with more fields', 'E_ENCODING', { ...minimal, tool: { name: 'a', version: '1', sha: '2' } }],
    ['a time without milliseconds', 'E_ENCODING', { ...minimal, start: '2026-01-02T03:04:05Z' }],
    ['a time in another zone', 'E_ENCODING', { ...minimal, start: '2026-01-02T03:04:05.678+01:00' }],
    ['a day that never was', 'E_ENCODING', { ...minimal, end: '2026-02-30T00:00:00.000Z' }],
    ['an empty end', 'E_ENCODING', { ...minimal, end: null }],
    ['a message that is no text', 'E_ENCODING', { ...minimal, message: 1 }],
    ['a message of more than 64 KiB', 'E_LIMIT', { ...minimal, message: 'x'.repeat(65_537) }],
  ];
  test.each(refusals)('is not read with %s', (_, code, value) => {
    expect(() => parseRun(value)).toThrow(expect.toSatisfy(hasCode(code)));
  });

  test('is not written with what could not be read again', () => {
    const wrong: Run = { ...parseRun(minimal), start: 'yesterday' };
    expect(() => encodeRun(wrong)).toThrow(expect.toSatisfy(hasCode('E_ENCODING')));
  });
});
