import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { list } from '#src/flows/list.js';
import { log } from '#src/flows/log.js';
import { LOG_START } from '#src/store/log/log.js';
import { readLock } from '#src/workspace/lock.js';
import { lines, noise, numbers } from '../support/bytes.js';
import { start } from '../support/child.js';
import { addPath, all, leftovers, openRepository, problems, read, write } from '../support/repository.js';

describe('two commands at once on one store', () => {
  test('on different names: both succeed, and the log has both', async () => {
    const { repo, root } = await openRepository();
    write(root, { 'a/x': lines(200_000, 1), 'b/x': lines(200_000, 2), 'c/x': '3', 'd/x': '4' });
    const children = [start(root, 'add', ['a', 'c']), start(root, 'add', ['b', 'd'])];
    const results = await Promise.all(children.map(({ result }) => result));
    expect(results).toMatchObject([
      { ok: [{ name: 'a' }, { name: 'c' }] },
      { ok: [{ name: 'b' }, { name: 'd' }] },
    ]);
    const entries = await all(repo.store.log.after(LOG_START));
    expect(entries.flatMap(({ names }) => names.map(({ name }) => name)).sort()).toEqual([
      'a',
      'b',
      'c',
      'd',
    ]);
    expect([...(await readLock(repo.workspace)).keys()]).toEqual(['a', 'b', 'c', 'd']);
    expect(await problems(repo)).toEqual([]);
    expect(leftovers(root)).toEqual([]);
  });

  test('on one name: both succeed, whoever comes first', async () => {
    const { repo, root } = await openRepository();
    write(root, { 'data/x': lines(100_000) });
    const children = [start(root, 'add', ['data']), start(root, 'add', ['data'])];
    const results = await Promise.all(children.map(({ result }) => result));
    expect(results).toMatchObject([
      { ok: [{ name: 'data', version: 1 }] },
      { ok: [{ name: 'data', version: 1 }] },
    ]);
    expect(await all(log(repo))).toHaveLength(1); // the second had nothing left to say
    expect(await problems(repo)).toEqual([]);
  });

  test('an add and a checkout', async () => {
    const { repo, root } = await openRepository();
    write(root, { 'data/x': lines(100_000), 'other/y': noise(2_000_000) });
    await addPath(repo, 'data');
    const children = [
      start(root, 'add', ['other']),
      start(root, 'checkout', { reference: 'data', dest: join(root, 'copy') }),
    ];
    expect(await Promise.all(children.map(({ result }) => result))).toMatchObject([
      { ok: [{}] },
      { ok: [1] },
    ]);
    expect(read(join(root, 'copy'))).toEqual(read(join(root, 'data')));
  });
});

describe('a command that is killed', () => {
  test('in the middle of add leaves the store whole; the next add goes on and sweeps', async () => {
    const { repo, root } = await openRepository();
    const files = Object.fromEntries(
      Array.from({ length: 150 }, (_, i) => [
        `data/${i}`,
        i % 10 === 0 ? noise(1_000_000, i) : lines(20_000, i),
      ]),
    );
    write(root, { 'data/0': 'the first version' });
    const first = await addPath(repo, 'data');
    write(root, files);
    const next = numbers(20261123);
    let second: string | undefined;
    for (let kill = 0; kill < 10; kill++) {
      const child = start(root, 'add', ['data']);
      await child.opened;
      await sleep(next() % 350);
      child.process.kill('SIGKILL');
      await child.result;
      await repo.store.refresh();
      const logged = await all(log(repo, 'data'));
      const ids = logged.map(({ to }) => String(to));
      // The old version, or the one new one there can be: never anything else, never twice.
      expect(ids.at(-1)).toBe(first.id.toString());
      expect(ids.length).toBeLessThanOrEqual(2);
      second = ids.length === 2 ? ids[0] : undefined;
      expect(await problems(repo)).toEqual([]);
    }
    const { id, files: count } = await addPath(repo, 'data');
    expect(second ?? id.toString()).toBe(id.toString());
    expect(count).toBe(150);
    expect(await problems(repo)).toEqual([]);
    expect(leftovers(root)).toEqual([]);
  });

  test('in the middle of checkout: running it again ends with exactly those bytes', async () => {
    const { repo, root } = await openRepository();
    const files = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [`data/${i % 7}/${i}`, noise(200_000, i)]),
    );
    write(root, files);
    await addPath(repo, 'data');
    const before = read(join(root, 'data'));
    for (const delay of [30, 90, 150]) {
      rmSync(join(root, 'data'), { recursive: true, force: true });
      const child = start(root, 'checkout', {});
      await child.opened;
      await sleep(delay);
      child.process.kill('SIGKILL');
      await child.result;
      const done = await start(root, 'checkout', {}).result;
      expect(done).toMatchObject({ ok: [expect.any(Number)] });
      expect(read(join(root, 'data'))).toEqual(before);
      expect(leftovers(root)).toEqual([]);
    }
    expect(readdirSync(join(root, 'data'))).not.toContain('.dvs');
    expect((await all(list(repo, 'data'))).length).toBe(60);
  });
});
