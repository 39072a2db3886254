import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { utf8 } from '#src/base/bytes.js';
import { add } from '#src/flows/add.js';
import { checkout } from '#src/flows/checkout.js';
import { list } from '#src/flows/list.js';
import type { Repository } from '#src/flows/repository.js';
import { status } from '#src/flows/status.js';
import { verify } from '#src/flows/verify.js';
import { type CID, cidOf, contentId, DAG_CBOR, digestOf, nodeId } from '#src/id/cid.js';
import { encode, type Value } from '#src/id/codec.js';
import { sha256 } from '#src/id/hash.js';
import { EntryKind, PackType } from '#src/store/pack/layout.js';
import { PackSpool } from '#src/store/pack/spool.js';
import { codeOf } from '../support/errors.js';
import { addPath, all, openRepository, read, write } from '../support/repository.js';
import { tempDir } from '../support/tmp.js';

const EVIL = utf8('evil');
const FILE = [contentId(EVIL), EVIL.length];

const dataset = (entries: Value[], level = 0): Value => ({ dvs: 1, kind: 'dataset', level, entries });

/** Commits nodes that nobody checked, as a malicious store would hold them; the last is `name`. */
async function publish(repo: Repository, name: string, nodes: readonly Value[]): Promise<CID> {
  const writer = await repo.store.write();
  try {
    const spool = new PackSpool(writer.folder, PackType.data);
    spool.add({ kind: EntryKind.content, id: sha256(EVIL), bytes: EVIL });
    let to: CID | null = null;
    for (const node of nodes) {
      const bytes = encode(node);
      to = nodeId(bytes);
      await writer.addNode(to, bytes);
    }
    const names = [{ name, from: null, to }];
    await writer.commit(await spool.finish(), async () => ({
      time: '',
      by: 'mallory',
      names,
      publishes: [],
    }));
    if (to === null) throw new Error('nothing to publish');
    return to;
  } finally {
    await writer.close();
  }
}

const leaf = (path: string): Value => dataset([[path, ...FILE]]);
const inner = (...children: Value[]): Value =>
  dataset(
    children.map((child, i) => [`key${i}`, nodeId(encode(child)), 1, EVIL.length]),
    1,
  );
/** A link that is never among the store's nodes. */
const ABSENT = cidOf(DAG_CBOR, sha256(utf8('absent')));

describe('a dataset from a malicious store is refused, and nothing is written', () => {
  test.each<[string, string, Value[]]>([
    ['a path that climbs', 'E_PATH', [leaf('../evil')]],
    ['a path that climbs further inside', 'E_PATH', [leaf('a/../../evil')]],
    ['an absolute path', 'E_PATH', [leaf('/tmp/dvs-evil')]],
    ['a path with NUL', 'E_PATH', [leaf('a\0b')]],
    ['a path with an empty segment', 'E_PATH', [leaf('a//b')]],
    ['the store', 'E_PATH_RESERVED', [leaf('.dvs/format')]],
    ['git hooks', 'E_PATH_RESERVED', [leaf('.git/hooks/post-checkout')]],
    ['git in NTFS disguise', 'E_PATH_RESERVED', [leaf('a/git~1/config')]],
    ['git in HFS disguise', 'E_PATH_RESERVED', [leaf('.g\u200cit/config')]],
    [
      'a file beneath a link',
      'E_PATH',
      [
        dataset([
          ['l', 'x'],
          ['l/evil', ...FILE],
        ]),
      ],
    ],
    ['a link that leaves', 'E_SYMLINK', [dataset([['l', '../../etc']])]],
    ['an absolute link', 'E_SYMLINK', [dataset([['l', '/etc']])]],
    ['a link into git', 'E_SYMLINK', [dataset([['l', '.git/hooks']])]],
    [
      'a file beneath a file',
      'E_PATH',
      [
        dataset([
          ['f', ...FILE],
          ['f/g', ...FILE],
        ]),
      ],
    ],
    [
      'unsorted entries',
      'E_ENCODING',
      [
        dataset([
          ['b', ...FILE],
          ['a', ...FILE],
        ]),
      ],
    ],
    [
      'one path twice',
      'E_ENCODING',
      [
        dataset([
          ['a', ...FILE],
          ['a', ...FILE],
        ]),
      ],
    ],
    ['a negative size', 'E_ENCODING', [dataset([['a', contentId(EVIL), -1]])]],
    ['a wrong size', 'E_DAMAGED', [dataset([['a', contentId(EVIL), 5]])]],
    ['an absurd level', 'E_LIMIT', [dataset([['a', ABSENT, 1, 1]], 1e9)]],
    [
      'more entries than a node may have',
      'E_LIMIT',
      [dataset(Array.from({ length: 1025 }, (_, i) => [String(i + 1000), '.']))],
    ],
    [
      'a node that is not there',
      'E_MISSING',
      [
        dataset(
          [
            ['a', ABSENT, 1, 1],
            ['b', ABSENT, 1, 1],
          ],
          1,
        ),
      ],
    ],
    [
      'sums that lie',
      'E_ENCODING',
      [
        leaf('key0'),
        leaf('key1'),
        dataset(
          [
            ['key0', nodeId(encode(leaf('key0'))), 7, 4],
            ['key1', nodeId(encode(leaf('key1'))), 1, 4],
          ],
          1,
        ),
      ],
    ],
    ['keys that lie', 'E_ENCODING', [leaf('key0'), leaf('other'), inner(leaf('key0'), leaf('other'))]],
    [
      'levels that do not descend',
      'E_ENCODING',
      [
        leaf('key0'),
        leaf('key1'),
        {
          dvs: 1,
          kind: 'dataset',
          level: 2,
          entries: [
            ['key0', nodeId(encode(leaf('key0'))), 1, 4],
            ['key1', nodeId(encode(leaf('key1'))), 1, 4],
          ],
        },
      ],
    ],
  ])('%s', async (_, code, nodes) => {
    const { repo, root } = await openRepository();
    await publish(repo, 'evil', nodes);
    const parent = await tempDir();
    const dest = join(parent, 'deep', 'dest');
    expect(await codeOf(() => checkout(repo, { reference: 'evil', dest, cwd: root, force: true }))).toBe(
      code,
    );
    expect(Object.values(read(parent)).filter((content) => content !== undefined)).toEqual([]);
    expect(existsSync('/tmp/dvs-evil')).toBe(false);
    // Looking at it is as safe: an error, or what is listed before it.
    await all(list(repo, 'evil')).catch((error: { code: string }) => expect(error.code).toBe(code));
  });

  test('a well-formed one of the same making is written', async () => {
    const { repo, root } = await openRepository();
    await publish(repo, 'honest', [leaf('key0'), leaf('key1'), inner(leaf('key0'), leaf('key1'))]);
    const dest = join(await tempDir(), 'dest');
    await checkout(repo, { reference: 'honest', dest, cwd: root });
    expect(read(dest)).toEqual({ key0: 'evil', key1: 'evil' });
  });
});

test('verify names each path whose size is wrong, and no other path of the same content', async () => {
  const { repo } = await openRepository();
  const [path, id, size] = ['a', contentId(EVIL), EVIL.length];
  const sizes = { first: size, longer: size + 1, right: size, shorter: size - 1 };
  await publish(repo, 'evil', [
    dataset(Object.entries(sizes).map(([key, said]) => [`${path}/${key}`, id, said])),
  ]);
  const report = await verify(repo);
  expect([...report.damaged].map((problem) => `${problem.path}: ${problem.why}`)).toEqual([
    'evil:v1 a/longer: the dataset says 5 bytes, the content has 4',
    'evil:v1 a/shorter: the dataset says 3 bytes, the content has more',
  ]);
  expect([...report.missing]).toEqual([]);
});

describe('a dvs.lock from a stranger', () => {
  const block = (path: string, id: unknown, name = 'data') =>
    `version = 1\n\n[${JSON.stringify(path)}]\nname = "${name}"\nid = "${String(id)}"\ntype = "folder"\n`;

  test.each([
    ['a path that climbs', '../outside', 'E_PATH'],
    ['an absolute path', '/tmp/dvs-evil', 'E_PATH'],
    ['the store', '.dvs/packs', 'E_PATH_RESERVED'],
    ['git hooks', '.git/hooks', 'E_PATH_RESERVED'],
    ['a path through a link', 'link/evil', 'E_SYMLINK'],
    ['a link', 'link', 'E_SYMLINK'],
  ])('%s is refused by every command, and nothing is written', async (_, path, code) => {
    const { repo, root } = await openRepository();
    const outside = await tempDir();
    write(root, { 'data/a': 'data', '.git/config': '', link: { link: outside } });
    const { id } = await addPath(repo, 'data');
    writeFileSync(repo.workspace.lockPath, block(path, id));
    const before = [read(root), read(dirname(root) === outside ? root : outside)];
    expect(await codeOf(() => checkout(repo, { cwd: root, force: true }))).toBe(code);
    expect(await codeOf(() => status(repo))).toBe(code);
    expect(await codeOf(() => add(repo, { paths: [] }))).toBe(code);
    expect([read(root), read(outside)]).toEqual(before);
    expect(existsSync('/tmp/dvs-evil')).toBe(false);
  });

  test.each([
    ['the ID of a content', contentId(EVIL), 'E_CID'],
    ['no ID', 'mnist', 'E_CID'],
    ['the ID of a run', 'run', 'E_'],
    ['an ID that the store has not', ABSENT, 'E_NOT_FOUND'],
  ])('%s is refused', async (_, id, code) => {
    const { repo, root } = await openRepository();
    write(root, { 'data/a': 'data' });
    await addPath(repo, 'data');
    const run = (await repo.store.log.read(1))?.publishes[0];
    writeFileSync(repo.workspace.lockPath, block('data', id === 'run' ? run : id));
    expect(await codeOf(() => checkout(repo, { cwd: root, force: true }))).toContain(code);
    expect(read(join(root, 'data'))).toEqual({ a: 'data' });
  });
});

test('a node under the ID of another is refused', async () => {
  const { repo, root } = await openRepository();
  const bytes = encode(leaf('a'));
  const writer = await repo.store.write();
  await writer.addNode(ABSENT, bytes);
  const names = [{ name: 'evil', from: null, to: ABSENT }];
  await writer.commit([], async () => ({ time: '', by: 'mallory', names, publishes: [] }));
  await writer.close();
  const dest = join(root, 'dest');
  expect(['E_DAMAGED', 'E_CID_MISMATCH']).toContain(
    await codeOf(() => checkout(repo, { reference: 'evil', dest, cwd: root })),
  );
  expect(digestOf(ABSENT)).not.toEqual(sha256(bytes));
  expect(existsSync(dest)).toBe(false);
});
