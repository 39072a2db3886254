import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { LocalBackend } from '#src/backend/local.js';
import { isDvsError } from '#src/base/errors.js';
import { encodeRun } from '#src/entities/run.js';
import { digestOf } from '#src/id/cid.js';
import { resolve } from '#src/ops/resolve/resolve.js';
import { Database } from '#src/store/catalogue/database.js';
import { linkedFrom, namings, tags, versions } from '#src/store/catalogue/names.js';
import { Key } from '#src/store/catalogue/records.js';
import { EntryKind } from '#src/store/pack/layout.js';
import { Store } from '#src/store/store.js';
import { flipped, numbers } from '../support/bytes.js';
import { all } from '../support/repository.js';
import { tempDir } from '../support/tmp.js';
import { commit, commitOf, note, noteId } from './support.js';

const NAMES = ['alpha', 'beta', 'gamma'];
const VERSIONS = 6;
const text = (name: string, version: number) => `${name} number ${version}`;

/** A folder with a store and the catalogue of it: three names of six versions each, tags, and a run. */
async function history(): Promise<{ folder: string; open(catalogue?: string): Promise<Store> }> {
  const folder = await tempDir();
  const open = async (catalogue = join(folder, 'catalogue')) => {
    const store = await Store.init({
      backend: new LocalBackend(join(folder, 'store')),
      catalogueDir: catalogue,
      scratchDir: join(folder, 'scratch'),
    });
    onTestFinished(() => store.close());
    return store;
  };
  for (let version = 1; version <= VERSIONS; version++) {
    const store = await open();
    for (const name of NAMES) await commit(store, name, { nodes: [note(text(name, version))] });
    await store.close();
  }
  const store = await open();
  const writer = await store.write();
  const run = encodeRun({
    op: 'add',
    inputs: { data: noteId(text('alpha', 1)) },
    outputs: { data: noteId(text('alpha', 2)) },
    tool: { name: 'dvs', version: '0' },
    start: '2026-01-01T00:00:00.000Z',
    who: 'tester',
  });
  await writer.addNode(run.id, run.bytes);
  const best = NAMES.map((name) => ({ name, tag: 'best', from: null, to: noteId(text(name, 2)) }));
  await writer.commit([], async () => commitOf({ names: best, publishes: [run.id] }));
  await writer.close();
  await store.refresh();
  await store.close();
  return { folder, open };
}

/** The one manifest of the catalogue. */
function manifestOf(folder: string): string {
  const names = readdirSync(join(folder, 'catalogue')).filter((name) => name.includes('manifest'));
  expect(names).toHaveLength(1);
  return readFileSync(join(folder, 'catalogue', names[0] ?? ''), 'utf8');
}

/** Everything that one can ask of the catalogue, as text. */
async function answers(store: Store): Promise<string[]> {
  const given: string[] = [];
  for (const name of NAMES) {
    for (const selector of ['', ':latest', ':best', ':v1', `:v${VERSIONS}`]) {
      const { id, version } = await resolve(store, name + selector);
      given.push(`${name}${selector} is v${version} ${id}`);
    }
    const first = noteId(text(name, 1));
    given.push(`a prefix is ${(await resolve(store, first.toString().slice(0, 20))).id}`);
    given.push(
      ...(await store.query(async (session) => [
        `${name} was ${(await all(versions(session, name))).map(({ version }) => version)}`,
        `${name} has the tags ${(await tags(session, name)).map(({ tag, id }) => `${tag} ${id}`)}`,
        `${first} is ${JSON.stringify(await namings(session, first))}`,
        `${first} is linked from ${(await linkedFrom(session, first)).map(({ from, role }) => `${from} ${role}`)}`,
      ])),
    );
    for (let version = 1; version <= VERSIONS; version++) {
      given.push(Buffer.from(await store.objects.get(noteId(text(name, version)))).toString('latin1'));
    }
  }
  return given;
}

describe('the catalogue', () => {
  test('that is made again gives the same answers', async () => {
    const { folder, open } = await history();
    const store = await open();
    await store.refresh();
    const before = await answers(store);
    expect(before).toContain(`alpha:best is v2 ${noteId(text('alpha', 2))}`);
    expect(before).toContain('beta was 6,5,4,3,2,1');
    const counts = await store.catalogue.rebuild();
    expect(counts).toMatchObject({ entries: 3 * VERSIONS + 1, objects: 3 * VERSIONS + 1 });
    expect(await answers(store)).toEqual(before);
    const elsewhere = await open(join(folder, 'another'));
    expect(await answers(elsewhere)).toEqual(before);
  });

  test('is not made again as long as it is intact', async () => {
    const { folder, open } = await history();
    const [first, epoch] = [manifestOf(folder), () => manifestOf(folder).split('\n')[0]];
    const before = epoch();
    for (let session = 0; session < 3; session++) {
      const store = await open();
      await commit(store, 'delta', { nodes: [note(`session ${session}`)] });
      await answers(store);
      await store.close();
    }
    expect(epoch()).toBe(before);
    expect(manifestOf(folder)).not.toBe(first);
  });

  test('of another store, or one that is ahead of the log, is made again', async () => {
    const [mine, other] = [await history(), await history()];
    const store = await mine.open();
    const before = await answers(store);
    await store.close();
    const foreign = await other.open(join(mine.folder, 'catalogue'));
    expect(await answers(foreign)).toEqual(before); // the same history, told by another log
    await commit(foreign, 'delta', { nodes: [note('only there')] });
    await foreign.close();
    const again = await mine.open();
    expect(await answers(again)).toEqual(before);
    await expect(resolve(again, 'delta')).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  });
});

/** What bad disks do to one file. */
const HARM: Record<string, (path: string, random: () => number) => void> = {
  'a flipped bit': (path, random) => {
    const bytes = readFileSync(path);
    if (bytes.length > 0) writeFileSync(path, flipped(bytes, random() % (8 * bytes.length)));
  },
  'many flipped bits': (path, random) => {
    let bytes: Buffer = readFileSync(path);
    for (let i = 0; i < 20 && bytes.length > 0; i++) bytes = flipped(bytes, random() % (8 * bytes.length));
    writeFileSync(path, bytes);
  },
  'a lost end': (path, random) => truncateSync(path, random() % (statSync(path).size + 1)),
  'a file of zeros': (path) => writeFileSync(path, Buffer.alloc(statSync(path).size)),
  'a lost file': (path) => rmSync(path),
};

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort();
}

const ASK = fileURLToPath(new URL('./ask.mjs', import.meta.url));

/** What a process of its own answers with each of these catalogues. */
function ask(folder: string, catalogues: readonly string[]): string[][] {
  const question = JSON.stringify({ names: NAMES, count: VERSIONS });
  const child = spawnSync(process.execPath, [ASK, folder, question, ...catalogues], { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(`${child.signal ?? child.status}: ${child.stderr}`);
  return child.stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

describe('a catalogue with damage', () => {
  const ROUNDS = 40;

  test.each(Object.entries(HARM))('%s in any of its files: every answer is right', async (_, harm) => {
    const { folder } = await history();
    const random = numbers(20261123);
    const copies = Array.from({ length: ROUNDS }, (_, round) => {
      const copy = join(folder, `copy-${round}`);
      cpSync(join(folder, 'catalogue'), copy, { recursive: true });
      const files = filesIn(copy);
      harm(files[round % files.length] ?? '', random);
      return copy;
    });
    const [right, ...found] = ask(folder, [join(folder, 'catalogue'), ...copies]);
    expect(right).toContain(`alpha:best ${noteId(text('alpha', 2))}`);
    expect(found.length).toBe(ROUNDS);
    for (const answer of found) expect(answer).toEqual(right);
  });

  test.each(['a manifest', 'a table'])('with a pipe in place of %s: is made again', async (what) => {
    const { folder, open } = await history();
    const name = readdirSync(join(folder, 'catalogue')).find(
      (one) => one.includes('manifest') === (what === 'a manifest'),
    );
    const path = join(folder, 'catalogue', name ?? '');
    rmSync(path);
    execFileSync('mkfifo', [path]);
    expect(await answers(await open())).toContain(`alpha:best is v2 ${noteId(text('alpha', 2))}`);
  });

  test('that lost an object finds it again in the packs', async () => {
    const { folder, open } = await history();
    const lost = noteId(text('beta', 3));
    const key = Key.object(EntryKind.node, digestOf(lost));
    const database = new Database(join(folder, 'catalogue'));
    await database.write((session) => session.putMany([{ key, value: undefined }]));
    database.close();
    const store = await open();
    await store.refresh();
    expect(await store.query((session) => session.get(key))).toBeUndefined();
    expect(Buffer.from(await store.objects.get(lost)).includes(text('beta', 3))).toBe(true);
    const absent = await store.objects.get(noteId('never stored')).catch((error: unknown) => error);
    expect(isDvsError(absent, 'E_MISSING')).toBe(true);
  });
});

test('several instances work on one catalogue at once', async () => {
  const { open } = await history();
  const stores = await Promise.all([open(), open(), open()]);
  const [first] = stores;
  if (first === undefined) throw new Error('no store');
  const right = await answers(first);
  const rounds = stores.map(async (store, i) => {
    for (let round = 0; round < 5; round++) {
      if (round === i + 1) await store.catalogue.rebuild();
      expect(await answers(store)).toEqual(right);
    }
  });
  await Promise.all(rounds);
});
