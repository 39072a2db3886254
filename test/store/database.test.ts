import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { compareBytes } from '#src/base/bytes.js';
import { ownedName } from '#src/base/owner.js';
import { CatalogueDamage } from '#src/store/catalogue/damage.js';
import { Database } from '#src/store/catalogue/database.js';
import { LAST_GENERATION } from '#src/store/catalogue/manifest.js';
import { layersToMerge } from '#src/store/catalogue/merge.js';
import type { Put, Session } from '#src/store/catalogue/session.js';
import { flipped, numbers } from '../support/bytes.js';
import { failure } from '../support/errors.js';
import { all } from '../support/repository.js';
import { tempDir } from '../support/tmp.js';

const bytes = (text: string) => Buffer.from(text);
const [FIRST, END] = [bytes(''), Buffer.from([255])];

function open(folder: string): Database {
  const database = new Database(folder);
  onTestFinished(() => database.close());
  return database;
}

/** All that a session says, as text. */
async function everything(session: Session): Promise<string[]> {
  const entries = await all(session.range(FIRST, END));
  return entries.map(({ key, value }) => `${Buffer.from(key)}=${Buffer.from(value)}`);
}

const put = (database: Database, entries: Record<string, string | undefined>) =>
  database.write((session) =>
    session.putMany(
      Object.entries(entries).map(([key, value]) => ({
        key: bytes(key),
        value: value === undefined ? undefined : bytes(value),
      })),
    ),
  );

describe('the database of the catalogue', () => {
  test('answers as one sorted map does, however many processes wrote it', async () => {
    const folder = await tempDir();
    const databases = [open(folder), open(folder), open(folder)];
    const model = new Map<string, Uint8Array>();
    const next = numbers(11);
    const key = () =>
      Buffer.from(Array.from({ length: 1 + (next() % 3) }, () => [0, 1, 127, 128, 254][next() % 5] ?? 0));
    const hex = (found: Uint8Array | undefined) => found && Buffer.from(found).toString('hex');
    let found = 0;
    for (let round = 0; round < 200; round++) {
      const database = databases[next() % 3];
      if (database === undefined) throw new Error('there are three');
      const puts: Put[] = Array.from({ length: 5 }, () => ({
        key: key(),
        value: next() % 3 === 0 ? undefined : key(),
      }));
      for (const one of puts) {
        const text = Buffer.from(one.key).toString('latin1');
        if (one.value === undefined) model.delete(text);
        else model.set(text, one.value);
      }
      const sorted = [...model]
        .map(([text, value]) => ({ key: Buffer.from(text, 'latin1'), value }))
        .sort((a, b) => compareBytes(a.key, b.key));
      const [from, to] = [key(), key()].sort(compareBytes);
      if (from === undefined || to === undefined) throw new Error('two keys');
      const reverse = next() % 2 === 0;
      const limit = next() % 2 === 0 ? 3 : 1000;
      const keys = [key(), key(), key()];
      const ask = async (session: Session) => ({
        got: (await session.getMany(keys)).map(hex),
        range: (await all(session.range(from, to, { reverse, limit }))).map(({ key, value }) => [
          hex(key),
          hex(value),
        ]),
      });
      const inside = sorted.filter(
        (one) => compareBytes(one.key, from) >= 0 && compareBytes(one.key, to) < 0,
      );
      const expected = {
        got: keys.map((one) => hex(model.get(one.toString('latin1')))),
        range: (reverse ? inside.reverse() : inside)
          .slice(0, limit)
          .map(({ key, value }) => [hex(key), hex(value)]),
      };
      const during = await database.write(async (session) => {
        await session.putMany(puts);
        return ask(session);
      });
      expect(during).toEqual(expected);
      expect(await database.read(ask)).toEqual(expected);
      found += expected.range.length;
    }
    expect(found).toBeGreaterThan(1000);
    expect(readdirSync(folder).length).toBeLessThan(8);
  });

  test('keeps many entries in few tables, and finds each of them', async () => {
    const folder = await tempDir();
    const database = open(folder);
    const value = Buffer.alloc(100, 7);
    const key = (n: number) => bytes(`k${String((n * 7919) % 100_003).padStart(6, '0')}`);
    await database.write(async (session) => {
      for (let from = 0; from < 100_000; from += 1000)
        await session.putMany(Array.from({ length: 1000 }, (_, i) => ({ key: key(from + i), value })));
      expect(await session.get(key(5))).toEqual(value);
    });
    expect(readdirSync(folder)).toHaveLength(2);
    await open(folder).read(async (session) => {
      for (let n = 0; n < 100_000; n += 97) expect(await session.get(key(n))).toEqual(value);
      expect(await session.get(bytes('k999999'))).toBeUndefined();
      expect(await all(session.range(bytes('k'), bytes('l')))).toHaveLength(100_000);
    });
  });

  test('loses nothing of writers at once, none of which waits for another', async () => {
    const folder = await tempDir();
    const count = async (database: Database, writer: number) => {
      for (let i = 0; i < 25; i++) {
        await database.write(async (session) => {
          const done = bytes(`done ${writer} ${i}`);
          if ((await session.get(done)) !== undefined) return;
          const before = Number((await session.get(bytes('count'))) ?? 0);
          const puts = {
            done: { key: done, value: FIRST },
            count: { key: bytes('count'), value: bytes(`${before + 1}`) },
          };
          await session.putMany(Object.values(puts));
        });
      }
    };
    await Promise.all([1, 2, 3, 4].map((writer) => count(open(folder), writer)));
    expect((await open(folder).read(everything))[0]).toBe('count=100');
  });

  test('gives a reader the state it began with, whatever others write, merge and remove meanwhile', async () => {
    const folder = await tempDir();
    const [reader, writer] = [open(folder), open(folder)];
    await put(writer, { a: '1', b: '1' });
    await reader.read(async (session) => {
      expect(await session.get(bytes('a'))).toEqual(bytes('1'));
      for (let i = 2; i < 40; i++) await put(writer, { a: String(i), b: undefined, [`c${i}`]: 'new' });
      expect(await everything(session)).toEqual(['a=1', 'b=1']);
    });
    await put(reader, {});
    expect(await reader.read(async (session) => session.get(bytes('a')))).toEqual(bytes('39'));
  });

  test('writes nothing of work that failed', async () => {
    const folder = await tempDir();
    const database = open(folder);
    await put(database, { a: '1' });
    const before = readdirSync(folder);
    const error = await failure(() =>
      database.write(async (session) => {
        await session.putMany([{ key: bytes('a'), value: bytes('2') }]);
        throw new TypeError('in the middle');
      }),
    ).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(TypeError);
    expect(readdirSync(folder)).toEqual(before);
    expect(await database.read(everything)).toEqual(['a=1']);
  });

  test('keeps in memory what cannot be written, says so when asked, and writes it when it can again', async () => {
    const folder = join(await tempDir(), 'catalogue');
    writeFileSync(folder, 'a file in its place');
    const database = open(folder);
    await put(database, { a: '1', b: '1' });
    await put(database, { b: undefined, c: '1' });
    expect(await database.read(everything)).toEqual(['a=1', 'c=1']);
    expect(() => database.assertWritten()).toThrow(expect.objectContaining({ code: 'E_IO' }));
    rmSync(folder);
    await put(database, { d: '1' });
    database.assertWritten();
    expect(await open(folder).read(everything)).toEqual(['a=1', 'c=1', 'd=1']);
  });

  test('leaves nothing of what it replaced, nor of processes that ended', async () => {
    const folder = await tempDir();
    const database = open(folder);
    mkdirSync(folder, { recursive: true });
    const own = ownedName();
    const left = `4-${own.replace(/^\d+\.\d+/, `${2 ** 22 + 1}.1`)}`;
    writeFileSync(join(folder, left), 'half a table');
    writeFileSync(join(folder, `4-${own}`), 'a table that somebody writes just now');
    for (let i = 0; i < 50; i++) await put(database, { [`k${i}`]: 'v' });
    await database.replace((session) => session.putMany([{ key: bytes('k'), value: bytes('v') }]));
    expect(readdirSync(folder).filter((name) => name !== `4-${own}`)).toHaveLength(2);
    expect(readdirSync(folder)).toContain(`4-${own}`);
    expect(await database.read(everything)).toEqual(['k=v']);
  });
});

describe('what a folder may hold', () => {
  test('a manifest whose number is the last: the database is made again, and begins to count anew', async () => {
    const folder = await tempDir();
    writeFileSync(join(folder, `4-manifest-${LAST_GENERATION}`), 'no manifest');
    const database = open(folder);
    const damage = await database.read(everything).catch((error: unknown) => error);
    if (!(damage instanceof CatalogueDamage)) throw new Error('it is damaged');
    await database.replace((session) => session.putMany([{ key: bytes('a'), value: bytes('1') }]), damage);
    database.assertWritten();
    expect(await open(folder).read(everything)).toEqual(['a=1']);
    expect(readdirSync(folder)).toContain('4-manifest-1');
  });

  test('a folder in place of a table, and what older layouts left: all of it goes', async () => {
    const folder = await tempDir();
    await put(open(folder), { a: '1' });
    const table = readdirSync(folder).find((name) => !name.includes('manifest')) ?? '';
    rmSync(join(folder, table));
    mkdirSync(join(folder, table, 'in it'), { recursive: true });
    mkdirSync(join(folder, '3-of-another-layout'));
    const database = open(folder);
    const damage = await database.read(everything).catch((error: unknown) => error);
    if (!(damage instanceof CatalogueDamage)) throw new Error('it is damaged');
    await database.replace((session) => session.putMany([{ key: bytes('a'), value: bytes('1') }]), damage);
    expect(await open(folder).read(everything)).toEqual(['a=1']);
    for (let i = 0; i < 3; i++) await put(database, { b: `${i}` });
    expect(readdirSync(folder).filter((name) => name.startsWith('3-') || name === table)).toEqual([]);
  });

  test('one damage that several find is mended once', async () => {
    const folder = await tempDir();
    await put(open(folder), { a: '1' });
    writeFileSync(join(folder, '4-manifest-1'), 'damaged');
    const databases = Array.from({ length: 6 }, () => open(folder));
    await Promise.all(
      databases.map(async (database) => {
        const damage = await database.read(everything).catch((error: unknown) => error);
        if (!(damage instanceof CatalogueDamage)) throw new Error('it is damaged');
        await database.replace(
          (session) => session.putMany([{ key: bytes('a'), value: bytes('1') }]),
          damage,
        );
        expect(await database.read(everything)).toEqual(['a=1']);
      }),
    );
    expect(readdirSync(folder).filter((name) => name.includes('manifest'))).toEqual(['4-manifest-2']);
  });
});

test('to make it again while others write harms neither', async () => {
  const folder = await tempDir();
  let isOver = false;
  const write = async (database: Database, key: string) => {
    for (let i = 0; !isOver; i++) await put(database, { [key]: `${i}` });
  };
  const writers = ['x', 'y'].map((key) => write(open(folder), key));
  const replacer = open(folder);
  for (let i = 0; i < 100; i++) {
    await replacer.replace((session) => session.putMany([{ key: bytes('a'), value: bytes(`${i}`) }]));
    replacer.assertWritten();
    expect((await replacer.read(everything))[0]).toBe(`a=${i}`);
  }
  isOver = true;
  await Promise.all(writers);
  expect((await open(folder).read(everything))[0]).toBe('a=99');
});

test('no flipped bit, lost end or lost file makes it answer wrong', async () => {
  const folder = await tempDir();
  for (let i = 0; i < 3; i++)
    await put(
      open(folder),
      Object.fromEntries(Array.from({ length: 40 >> (2 * i) }, (_, n) => [`${i}${n}`, 'v'])),
    );
  const right = await open(folder).read(everything);
  expect(readdirSync(folder).length).toBeGreaterThan(2);
  const random = numbers(3);
  let damaged = 0;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const intact = readFileSync(path);
    for (let round = 0; round < 300; round++) {
      const cut = intact.subarray(0, random() % intact.length);
      writeFileSync(path, round % 3 === 0 ? cut : flipped(intact, random() % (8 * intact.length)));
      const answer = await open(folder)
        .read(everything)
        .catch((error: unknown) => error);
      if (answer instanceof CatalogueDamage) damaged++;
      else expect(answer).toEqual(right);
    }
    writeFileSync(path, intact);
  }
  expect(damaged).toBeGreaterThan(800);
});

test('each layer has at least twice the bytes of all newer ones, so that there are few', () => {
  expect(layersToMerge([5])).toBe(1);
  expect(layersToMerge([5, 10, 30])).toBe(1);
  expect(layersToMerge([5, 9, 100])).toBe(2);
  expect(layersToMerge([5, 10, 29, 100])).toBe(3);
  let sizes: number[] = [];
  let written = 0;
  for (let i = 0; i < 10_000; i++) {
    sizes = [1, ...sizes];
    const merged = layersToMerge(sizes);
    const sum = sizes.slice(0, merged).reduce((a, b) => a + b);
    written += sum;
    sizes = [sum, ...sizes.slice(merged)];
    expect(sizes.length).toBeLessThan(10);
  }
  expect(written).toBeLessThan(10_000 * 20);
});
