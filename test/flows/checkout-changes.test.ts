import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DvsError } from '#src/base/errors.js';
import { chooseJob } from '#src/flows/checkout/choose.js';
import { planJob } from '#src/flows/checkout/planned-job.js';
import { checkout } from '#src/flows/checkout.js';
import type { Repository } from '#src/flows/repository.js';
import { status } from '#src/flows/status.js';
import { hasFolderTimes } from '#src/workspace/fresh.js';
import { readLock } from '#src/workspace/lock.js';
import { forgetStats } from '#src/workspace/stat-cache.js';
import { addPath, type Files, openRepository, read, write } from '../support/repository.js';

/** Longer than any tick of the file system's clock, so that what was written before is settled. */
const TICK_MS = 50;

/** A workspace that has two versions of `data`, is at the first, and knows what each file looks like. */
async function between(first: Files, second: Files) {
  const opened = await openRepository();
  const data = join(opened.root, 'data');
  for (const files of [second, first]) {
    rmSync(data, { recursive: true, force: true });
    mkdirSync(data);
    write(data, files);
    await sleep(TICK_MS);
    await addPath(opened.repo, 'data');
  }
  return { ...opened, data };
}

/** Makes these paths what is said; undefined removes one. Where something is in the way, it is left. */
function change(data: string, edits: ReadonlyMap<string, string | undefined>): void {
  for (const [path, content] of edits) {
    try {
      rmSync(join(data, path), { force: true });
      if (content === undefined) continue;
      mkdirSync(dirname(join(data, path)), { recursive: true });
      writeFileSync(join(data, path), content);
    } catch {}
  }
}

/** What a checkout did, or why it would not, and what is there then. */
async function brought(repo: Repository, cwd: string, force: boolean) {
  try {
    const [done] = await checkout(repo, { cwd, reference: 'data:v1', force });
    const { written, removed, unchanged, bytes, left = [] } = done ?? {};
    return { written, removed, unchanged, bytes, left: [...left], files: read(join(cwd, 'data')) };
  } catch (error) {
    if (!(error instanceof DvsError)) throw error;
    return { refused: error.code, about: error.about, files: read(join(cwd, 'data')) };
  }
}

/** Not every place where tests run has folders whose times tell. */
describe.runIf(hasFolderTimes(tmpdir()))('a checkout of which little differs', () => {
  test('is planned without the files that stay', async () => {
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`folder/${i}`, `${i}`]));
    const { repo, root } = await between({ ...many, a: 'one' }, { ...many, a: 'two' });
    const lock = await readLock(repo.workspace);
    const job = await chooseJob(repo, lock, { cwd: root, reference: 'data:v1' });
    const { plan, scan, beyond } = await planJob(repo, job, false);
    scan.discard();
    expect([...plan.items].map(({ path, fate }) => `${fate} ${path}`)).toEqual(['write a']);
    expect(beyond).toBe(40);
    const [done] = await checkout(repo, { cwd: root, reference: 'data:v1' });
    expect(done).toMatchObject({ written: 1, removed: 0, unchanged: 40 });
  });

  test.each<[string, Files, Files, readonly string[], string]>([
    [
      'below a folder that lost its files by hand',
      { 'p/a': 'a' },
      { 'p/a': 'a', 'p/x/b': 'b' },
      ['p/x/b'],
      'p/x/new',
    ],
    ['to a version without files', {}, { a: 'a' }, [], 'new'],
    ['to a version without a part of it', { a: 'a' }, { a: 'a', 'sub/b': 'b' }, ['sub/b'], 'sub/new'],
  ])('then sees what comes %s', async (_, wanted, there, removed, late) => {
    const { repo, root, data } = await between(there, wanted);
    change(data, new Map(removed.map((path) => [path, undefined])));
    await checkout(repo, { cwd: root, reference: 'data:v1' });
    await sleep(TICK_MS);
    write(data, { [late]: 'late' });
    await sleep(TICK_MS);
    const [tracked] = (await status(repo)).tracked;
    expect(told(tracked)).toEqual({ state: 'modified', paths: [[late], [], []] });
    const added = await addPath(repo, 'data');
    expect(added.files).toBe(Object.keys(wanted).length + 1);
  });

  test('does, refuses and leaves what one does that goes through everything, and status is as right', async () => {
    const path = fc.constantFrom('a', 'a-b', 'a/x', 'a/y', 'b', 'b/c/d', 'b/e', 'f');
    const content = fc.constantFrom('', 'one', 'two', 'three');
    const files = fc
      .uniqueArray(fc.tuple(path, content), { selector: ([key]) => key, minLength: 1 })
      .map((list) => list.filter(([one]) => !list.some(([other]) => other.startsWith(`${one}/`))))
      .map((list): Files => Object.fromEntries(list));
    const edits = fc
      .uniqueArray(fc.tuple(path, fc.option(content, { nil: undefined })), {
        selector: ([key]) => key,
        maxLength: 3,
      })
      .map((list) => new Map(list));
    await fc.assert(
      fc.asyncProperty(
        files,
        files,
        edits,
        fc.boolean(),
        fc.nat(),
        async (first, second, edited, force, later) => {
          const [fast, slow] = [await between(first, second), await between(first, second)];
          for (const { data } of [fast, slow]) change(data, edited);
          await sleep(TICK_MS);
          forgetStats(slow.repo.workspace, 'data');
          const done = await brought(fast.repo, fast.root, force);
          expect(done).toEqual(await brought(slow.repo, slow.root, force));
          // What comes after a checkout is seen, wherever it comes.
          const folders = [fast.data, ...foldersIn(fast.data)].map((path) => path.slice(fast.data.length));
          for (const { data } of [fast, slow])
            write(`${data}${folders[later % folders.length]}`, { late: 'late' });
          await sleep(TICK_MS);
          for (const { repo } of [fast, slow]) {
            const [quick] = (await status(repo)).tracked;
            const [sure] = (await status(repo, { rehash: true })).tracked;
            expect(told(quick)).toEqual(told(sure));
          }
        },
      ),
      { numRuns: 15 },
    );
  }, 120_000);
});

function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => [join(folder, name), ...foldersIn(join(folder, name))]);
}

type Status = Awaited<ReturnType<typeof status>>['tracked'][number];

function told(tracked: Status | undefined) {
  const { added, removed, modified } = tracked?.diff ?? { added: [], removed: [], modified: [] };
  const paths = [added, removed, modified].map((list) => [...list].map((one) => one.path));
  return { state: tracked?.state, paths };
}
