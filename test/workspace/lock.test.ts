import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { utf8 } from '#src/base/bytes.js';
import { LIMITS } from '#src/base/limits.js';
import { checkName, checkTag, isName } from '#src/base/names.js';
import { checkPath } from '#src/entities/path.js';
import { cidOf, contentId, DAG_CBOR } from '#src/id/cid.js';
import { sha256 } from '#src/id/hash.js';
import { fileStat } from '#src/workspace/file-stat.js';
import { type LockEntry, readLock, updateLock } from '#src/workspace/lock.js';
import { formatLock, parseLock } from '#src/workspace/lock-format.js';
import { type Workspace, workspaceAt } from '#src/workspace/workspace.js';
import { tempDir } from '../support/tmp.js';

const ID = cidOf(DAG_CBOR, sha256(utf8('a dataset')));
const OTHER_ID = cidOf(DAG_CBOR, sha256(utf8('another')));

const entry = (path: string, name = 'mnist'): LockEntry => ({ path, name, id: ID, type: 'folder' });
const block = (path: string, lines = `name = "mnist"\nid = "${ID}"\ntype = "folder"`) =>
  `version = 1\n["${path}"]\n${lines}\n`;

describe('format', () => {
  test('is what people read and git merges', () => {
    expect(formatLock([{ ...entry('data/z'), type: 'file' }, entry('data/mnist')])).toBe(
      `# dvs.lock: the version of each tracked path. Kept in git; written by dvs.
version = 1

["data/mnist"]
name = "mnist"
id = "${ID}"
type = "folder"

["data/z"]
name = "mnist"
id = "${ID}"
type = "file"
`,
    );
  });

  test('holds any entries that can be tracked', () => {
    const path = fc
      .array(fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 3 })
      .map((segments) => segments.join('/'))
      .filter((text) => {
        try {
          checkPath(text);
          return text !== 'version';
        } catch {
          return false;
        }
      });
    const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/).filter(isName);
    const someEntry = fc.record({
      path: fc.oneof(
        path,
        fc.constantFrom('__proto__', 'constructor', 'a"b', 'a\\b', 'a]b', 'a.b', "a'b", '#x', ' x '),
      ),
      name,
      id: fc.constantFrom(ID, OTHER_ID),
      type: fc.constantFrom('folder' as const, 'file' as const),
      links: fc.constantFrom(undefined, 'followed' as const),
    });
    const disjoint = fc.uniqueArray(someEntry, { selector: ({ path: text }) => text.split('/')[0] ?? '' });
    fc.assert(
      fc.property(disjoint, (entries) => {
        const text = formatLock(entries);
        const parsed = [...parseLock(text).values()];
        expect(parsed.map(plain)).toEqual(
          entries.map(plain).sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path))),
        );
        expect(formatLock(parsed.toReversed())).toBe(text);
        expect(formatLock(parseLock(text.replaceAll('\n', '\r\n')).values())).toBe(text);
      }),
    );
  });
});

function plain({ path, name, id, type, links }: LockEntry) {
  return { path, name, id: id.toString(), type, links };
}

describe('what is refused', () => {
  test.each([
    ['no version', '', 'E_ENCODING', /version = 1/],
    ['version 0', 'version = 0', 'E_ENCODING', /version = 1/],
    ['a text as version', 'version = "1"', 'E_ENCODING', /version = 1/],
    ['a newer version', 'version = 2\nnew = []', 'E_FORMAT', /version 2/],
    ['no TOML', 'version = 1\n\n[[[', 'E_ENCODING', /line 3/],
    ['a key that is no block', 'version = 1\n"data" = 1', 'E_ENCODING', /\["data"\].*no block/],
    ['a list of blocks', 'version = 1\n[["data"]]\nname = "x"', 'E_ENCODING', /no block/],
    ['a date', 'version = 1\n"data" = 2020-01-01', 'E_ENCODING', /no block/],
    ['a block in a block', `version = 1\n[a.b]\nname = "x"`, 'E_ENCODING', /\["a"\].*unknown key "b"/],
    [
      'an unknown key',
      block('data', `name = "x"\nid = "${ID}"\ntype = "file"\nrun = "rm"`),
      'E_ENCODING',
      /key "run"/,
    ],
    ['a block twice', block('a') + block('a').replace('version = 1', ''), 'E_ENCODING', /line 7/],
    [
      'links that are something else',
      block('data', `name = "x"\nid = "${ID}"\ntype = "file"\nlinks = true`),
      'E_ENCODING',
      /links/,
    ],
    ['a name that is a number', block('a', `name = 1\nid = "${ID}"\ntype = "file"`), 'E_ENCODING', /name/],
    ['no name', block('a', `id = "${ID}"\ntype = "file"`), 'E_ENCODING', /name/],
    ['a bad name', block('a', `name = "latest"\nid = "${ID}"\ntype = "file"`), 'E_ENCODING', /"latest"/],
    ['no ID', block('a', 'name = "x"\ntype = "file"'), 'E_ENCODING', /id/],
    ['a bad ID', block('a', 'name = "x"\nid = "bafy"\ntype = "file"'), 'E_CID', /\["a"\].*not an ID/],
    [
      'a content ID',
      block('a', `name = "x"\nid = "${contentId(utf8(''))}"\ntype = "file"`),
      'E_CID',
      /content/,
    ],
    [
      'an ID in capitals',
      block('a', `name = "x"\nid = "${String(ID).toUpperCase()}"\ntype = "file"`),
      'E_CID',
      /ID/,
    ],
    ['no type', block('a', `name = "x"\nid = "${ID}"`), 'E_ENCODING', /type/],
    ['another type', block('a', `name = "x"\nid = "${ID}"\ntype = "link"`), 'E_ENCODING', /type/],
    ['the path ..', block('..'), 'E_PATH', /"\.\."/],
    ['a path that leaves', block('a/../../etc'), 'E_PATH', /etc/],
    ['an absolute path', block('/etc'), 'E_PATH', /absolute/],
    ['an empty path', block(''), 'E_PATH', /empty/],
    ['a path in .git', block('.git/hooks'), 'E_PATH_RESERVED', /git/],
    ['a path in .dvs in disguise', block('a/.DVS/x'), 'E_PATH_RESERVED', /DVS/],
    ['a control character', block('a\\u0007'), 'E_PATH', /control/],
    [
      'a path beneath another',
      block('a') + block('a/b/c').replace('version = 1', ''),
      'E_PATH',
      /a\/b\/c lies in a/,
    ],
    ['an unclosed text', 'version = 1\n["a', 'E_ENCODING', /line 2/],
    ['a deep value', `version = 1\na = ${'['.repeat(5000)}`, 'E_ENCODING', /line 2/],
  ])('%s', (_, text, code, message) => {
    const refused = expect.objectContaining({ code, message: expect.stringMatching(message) });
    expect(() => parseLock(text)).toThrow(refused);
    expect(() => parseLock(text)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/dvs\.lock|lies in/) }),
    );
  });

  test('what is near a clash and none', () => {
    const paths = ['a', 'a-b', 'a.b/c', 'ab', 'b/a', 'b/aa', 'B/a'];
    const lock = parseLock(formatLock(paths.map((path) => entry(path))));
    expect([...lock.keys()].sort()).toEqual(paths.toSorted());
  });

  test('an unfinished merge, with the line and what to do', () => {
    const text = formatLock([entry('a')]).replace(
      'name = "mnist"',
      '<<<<<<< HEAD\nname = "x"\n=======\nname = "y"\n>>>>>>> b',
    );
    expect(() => parseLock(text)).toThrow(
      expect.objectContaining({
        code: 'E_ENCODING',
        message: 'dvs.lock, line 5: a merge was not finished',
        hint: expect.stringContaining('one side'),
      }),
    );
    expect(() => parseLock(text.replaceAll('\n', '\r\n'))).toThrow(/line 5: a merge/);
  });

  test.each([
    [entry('version'), 'E_PATH'],
    [entry('../x'), 'E_PATH'],
    [entry('.git'), 'E_PATH_RESERVED'],
    [entry('a', 'bafyfoo'), 'E_USAGE'],
    [{ ...entry('a'), id: contentId(utf8('')) }, 'E_CID'],
  ])('to write %j', (bad, code) => {
    expect(() => formatLock([bad])).toThrow(expect.objectContaining({ code }));
  });

  test('to write a path beneath another, or twice', () => {
    expect(() => formatLock([entry('a/b'), entry('a')])).toThrow(/a\/b lies in a/);
    expect(() => formatLock([entry('a'), entry('a')])).toThrow(/twice/);
  });
});

describe('names and tags', () => {
  test.each([
    'a',
    'A',
    '0',
    'mnist',
    'a.b_c-d',
    'v',
    'v1a',
    'V1',
    'latest2',
    'Latest',
    'baf',
    'bafz',
    'x'.repeat(100),
  ])('%j is one', (name) => {
    checkName(name);
    checkTag(name);
  });

  test.each([
    '',
    '.a',
    '-a',
    '_a',
    'a b',
    'a/b',
    'a:b',
    'é',
    'a\n',
    'latest',
    'v1',
    'v007',
    'bafkx',
    'bafy',
    'x'.repeat(101),
  ])('%j is none', (name) => {
    expect(() => checkName(name)).toThrow(expect.objectContaining({ code: 'E_USAGE' }));
    expect(() => checkTag(name)).toThrow(expect.objectContaining({ code: 'E_USAGE' }));
  });
});

describe('the file', () => {
  let workspace: Workspace;

  beforeEach(async () => {
    workspace = workspaceAt(await tempDir());
    mkdirSync(workspace.tmpDir, { recursive: true });
  });

  test('is empty when it is not there', async () => {
    expect(await readLock(workspace)).toEqual(new Map());
    await updateLock(workspace, () => {});
    expect(existsSync(workspace.lockPath)).toBe(false);
  });

  test('is updated, and keeps its permissions', async () => {
    await updateLock(workspace, (entries) => void entries.set('a', entry('a')));
    chmodSync(workspace.lockPath, 0o660);
    await updateLock(workspace, (entries) => void entries.set('b', entry('b')));
    await updateLock(workspace, (entries) => void entries.delete('a'));
    expect([...(await readLock(workspace)).keys()]).toEqual(['b']);
    expect(statSync(workspace.lockPath).mode & 0o777).toBe(0o660);
  });

  test('is not written when nothing changed, even when its form is another', async () => {
    writeFileSync(workspace.lockPath, `# mine\r\n${block('a').replaceAll('\n', '\r\n')}`);
    const looks = () => fileStat(statSync(workspace.lockPath, { bigint: true }));
    const before = looks();
    await updateLock(workspace, (entries) => void entries.set('a', entry('a')));
    expect(looks()).toEqual(before);
  });

  test('stays as it was when the change is refused', async () => {
    await updateLock(workspace, (entries) => void entries.set('a', entry('a')));
    const before = readFileSync(workspace.lockPath);
    const change = updateLock(workspace, (entries) => void entries.set('a/b', entry('a/b')));
    await expect(change).rejects.toMatchObject({ code: 'E_PATH' });
    expect(readFileSync(workspace.lockPath)).toEqual(before);
  });

  test('loses no update of many at once', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        updateLock(workspace, (entries) => void entries.set(`p${i}`, entry(`p${i}`))),
      ),
    );
    expect((await readLock(workspace)).size).toBe(20);
  });

  test('that is a link, a pipe, a folder, too large or no text is refused', async () => {
    const { lockPath } = workspace;
    const refused = (code: string) => expect(readLock(workspace)).rejects.toMatchObject({ code });
    symlinkSync('/etc/passwd', lockPath);
    await refused('E_SYMLINK');
    execFileSync('rm', [lockPath]);
    execFileSync('mkfifo', [lockPath]);
    await refused('E_TYPE');
    execFileSync('rm', [lockPath]);
    mkdirSync(lockPath);
    await refused('E_TYPE');
    execFileSync('rmdir', [lockPath]);
    writeFileSync(lockPath, '');
    truncateSync(lockPath, LIMITS.settingsBytes + 1);
    await refused('E_LIMIT');
    writeFileSync(lockPath, Buffer.from([0xff]));
    await refused('E_ENCODING');
  });
});
