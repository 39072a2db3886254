import { expect, test } from 'vitest';
import { encodeRun } from '#src/entities/run.js';
import { type HistoricVersion, history, keyOf } from '#src/flows/history.js';
import { log } from '#src/flows/log.js';
import type { Repository } from '#src/flows/repository.js';
import { tag } from '#src/flows/tag.js';
import type { CID } from '#src/id/cid.js';
import { addPath, all, openRepository, write } from '../support/repository.js';

/** A version with a run that says what it was made from, as a merge records it. */
async function record(
  repo: Repository,
  name: string,
  from: CID,
  to: CID,
  inputs: Record<string, CID>,
): Promise<void> {
  const writer = await repo.store.write();
  try {
    const tool = { name: 'test', version: '1' };
    const start = '2026-01-02T03:04:05.000Z';
    const run = encodeRun({ op: 'merge', inputs, outputs: { [name]: to }, tool, start, who: 'tester' });
    await writer.addNode(run.id, run.bytes);
    await writer.commit([], async () => ({
      time: start,
      by: 'tester',
      names: [{ name, from, to }],
      publishes: [run.id],
    }));
  } finally {
    await writer.close();
  }
}

const said = (versions: readonly HistoricVersion[]): string[] =>
  versions.map((version) => {
    const { parents, tags, sameAs } = version;
    return [keyOf(version), '<', ...parents.map(keyOf), '#', ...tags, '=', ...sameAs.map(keyOf)].join(' ');
  });

test('a version comes from the one before it, and from what its run took in', async () => {
  const { repo, root } = await openRepository();
  write(root, { 'data/a': '1' });
  const base = await addPath(repo, 'data');
  await addPath(repo, 'data', 'copy');
  write(root, { 'data/a': '2' });
  const ours = await addPath(repo, 'data', 'data');
  write(root, { 'data/b': '3' });
  const theirs = await addPath(repo, 'data', 'copy');
  write(root, { 'data/c': '4' });
  const merged = await addPath(repo, 'data', 'merged');
  await record(repo, 'data', ours.id, merged.id, { base: base.id, ours: ours.id, theirs: theirs.id });
  await tag(repo, 'data:v3', 'best');

  expect(said(await all(history(repo)))).toEqual([
    'data:v3 < data:v2 copy:v2 # best = merged:v1',
    'merged:v1 < # = data:v3',
    'copy:v2 < copy:v1 # =',
    'data:v2 < data:v1 # =',
    'copy:v1 < # = data:v1',
    'data:v1 < # = copy:v1',
  ]);
  // Of one name: also what went into it from elsewhere.
  expect((await all(history(repo, 'data:v3'))).map(keyOf)).toEqual([
    'data:v3',
    'copy:v2',
    'data:v2',
    'copy:v1',
    'data:v1',
  ]);
  expect((await all(history(repo, 'merged'))).map(keyOf)).toEqual(['merged:v1']);
});

test('how much changed with each version', async () => {
  const { repo, root } = await openRepository();
  write(root, { 'data/a': '1', 'data/b': '22' });
  await addPath(repo, 'data');
  write(root, { 'data/b': '333', 'data/c': '4444' });
  await addPath(repo, 'data');
  await tag(repo, 'data:v2', 'best');
  const stats = (await all(log(repo, 'data', { stat: true }))).map(({ stat }) => stat);
  expect(stats).toEqual([
    undefined,
    {
      added: { files: 1, bytes: 4 },
      removed: { files: 0, bytes: 0 },
      modified: { files: 1, before: 2, after: 3 },
    },
    {
      added: { files: 2, bytes: 3 },
      removed: { files: 0, bytes: 0 },
      modified: { files: 0, before: 0, after: 0 },
    },
  ]);
  expect((await all(log(repo, 'data'))).map(({ stat }) => stat)).toEqual([undefined, undefined, undefined]);
});
