import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodeId } from '#src/id/cid.js';
import type { LockEntry } from '#src/workspace/lock-entry.js';
import { formatLock } from '#src/workspace/lock-format.js';
import { mergeLocks } from '#src/workspace/lock-merge.js';

const id = (text: string) => nodeId(Buffer.from(text));

/** A lock of folders: path → version, or name and version. */
function lock(entries: Readonly<Record<string, string | readonly [string, string]>>): Map<string, LockEntry> {
  return new Map(
    Object.entries(entries).map(([path, at]) => {
      const [name, version] = typeof at === 'string' ? [path.replaceAll('/', '-'), at] : at;
      return [path, { path, name, id: id(version), type: 'folder' }];
    }),
  );
}

type Lock = Parameters<typeof lock>[0];

/** What becomes of three locks, with versions as they went in. */
function merge(base: Lock, ours: Lock, theirs: Lock) {
  const merged = mergeLocks({ base: lock(base), ours: lock(ours), theirs: lock(theirs) });
  const known = new Map(['1', '2', '3'].map((version) => [id(version).toString(), version]));
  formatLock(merged.entries.values()); // which refuses what could not be read again
  return {
    entries: Object.fromEntries(
      [...merged.entries].map(([path, entry]) => [path, known.get(entry.id.toString())]),
    ),
    moved: merged.moved.map(({ entry }) => entry.path),
    conflicts: merged.conflicts.map(({ path, kind }) => `${path}: ${kind}`),
  };
}

describe('what one side did is taken', () => {
  test('each path for itself', () => {
    expect(
      merge({ a: '1', b: '1', c: '1' }, { a: '2', b: '1', c: '1', d: '1' }, { a: '1', b: '3', e: '2' }),
    ).toEqual({
      entries: { a: '2', b: '3', d: '1', e: '2' },
      moved: [],
      conflicts: [],
    });
  });

  test('a path that moved is followed by what the other side did to it', () => {
    expect(merge({ a: ['n', '1'] }, { b: ['n', '1'] }, { a: ['n', '2'] })).toEqual({
      entries: { b: '2' },
      moved: [],
      conflicts: [],
    });
    expect(merge({ a: ['n', '1'] }, { a: ['n', '3'] }, { b: ['n', '2'] })).toEqual({
      entries: { b: '3' },
      moved: ['b'],
      conflicts: [],
    });
  });
});

describe('what both did', () => {
  test('alike', () => {
    expect(merge({ a: '1' }, { a: '2', n: '1' }, { a: '2', n: '1' })).toEqual({
      entries: { a: '2', n: '1' },
      moved: [],
      conflicts: [],
    });
  });

  test('another version on each side is for the datasets to decide; until then ours', () => {
    expect(merge({ a: '1' }, { a: '2', n: '2' }, { a: '3', n: '3' })).toEqual({
      entries: { a: '2', n: '2' },
      moved: ['a', 'n'],
      conflicts: [],
    });
  });

  test('a version that the other side no longer tracks stays, and is told', () => {
    expect(merge({ a: '1', b: '1' }, { a: '2' }, { b: '3' })).toEqual({
      entries: { a: '2', b: '3' },
      moved: [],
      conflicts: ['a: deleted by them', 'b: deleted by us'],
    });
  });

  test('two names for one path', () => {
    expect(merge({}, { a: ['x', '1'] }, { a: ['y', '1'] })).toEqual({
      entries: { a: '1' },
      moved: [],
      conflicts: ['a: both added'],
    });
    expect(merge({ a: ['n', '1'] }, { b: ['n', '1'] }, { c: ['n', '1'] }).conflicts).toEqual([
      'b: both modified',
    ]);
  });

  test('a path within one that the other side began to track', () => {
    expect(merge({}, { a: '1' }, { 'a/b': '2', c: '2' })).toEqual({
      entries: { a: '1', c: '2' },
      moved: [],
      conflicts: ['a/b: in the way'],
    });
  });
});

const some = fc.dictionary(
  fc.constantFrom('a', 'a/b', 'b', 'c', 'd/e', 'd'),
  fc.tuple(fc.constantFrom('x', 'y', 'z'), fc.constantFrom('1', '2', '3')),
);
/** Paths of which none lies in another. */
const anyLock = some.map((entries) => {
  const paths = Object.keys(entries);
  const isFree = (path: string): boolean => !paths.some((other) => path.startsWith(`${other}/`));
  return Object.fromEntries(Object.entries(entries).filter(([path]) => isFree(path)));
});

test('whatever comes together, the result is a lock, and a side that did nothing has no say', () => {
  fc.assert(
    fc.property(anyLock, anyLock, anyLock, (base, ours, theirs) => {
      merge(base, ours, theirs);
      const all = (of: Lock) => merge({}, of, {}).entries;
      expect(merge(base, base, theirs)).toEqual({ entries: all(theirs), moved: [], conflicts: [] });
      expect(merge(base, ours, base)).toEqual({ entries: all(ours), moved: [], conflicts: [] });
    }),
  );
});
