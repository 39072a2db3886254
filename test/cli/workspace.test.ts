import { describe, expect, test } from 'vitest';
import { nodeId } from '#src/id/cid.js';
import { Scratch } from './support.js';

/** A workspace in which one file of each kind of change waits. */
async function changed(): Promise<Scratch> {
  const scratch = await Scratch.withData();
  scratch.write('data/labels.csv', 'cat\ndog\nowl\n');
  scratch.write('data/train/zero.txt', 'zero\n');
  scratch.remove('data/train/0.txt');
  scratch.remove('data/train/1.txt');
  scratch.write('data/new.txt', 'new\n');
  scratch.write('notes.md', 'mine');
  return scratch;
}

const CHANGES = `  M data/labels.csv      8 B → 12 B
  A data/new.txt         4 B
  D data/train/1.txt     4 B
  R data/train/zero.txt  from data/train/0.txt
`;

describe('dvs status', () => {
  test('tells each change, and the commands for it', async () => {
    const scratch = await changed();
    expect(await scratch.ok('status')).toBe(
      `data (data:v1): 1 added (4 B), 1 modified, 1 renamed, 1 removed (4 B)\n${CHANGES}` +
        '  record it:  dvs add data\n' +
        '  undo it:    dvs checkout data --force\n' +
        '              (leaves 1 added file alone)\n' +
        'Not tracked (`dvs add <path>` records it):\n  notes.md\n',
    );
    const status = await scratch.json('status');
    expect(status).toMatchObject({
      clean: false,
      tracked: [{ path: 'data', name: 'data', version: 1, type: 'folder', state: 'modified' }],
      untracked: ['notes.md'],
    });
    expect(status.tracked[0].renamed).toMatchObject([
      { path: 'train/zero.txt', from: 'train/0.txt', size: 5 },
    ]);
  });

  test('the commands that it names work', async () => {
    const scratch = await changed();
    await scratch.ok('checkout', 'data', '--force');
    expect(await scratch.ok('status')).toContain('1 added (4 B)');
    scratch.remove('data/train');
    expect(await scratch.ok('status')).toContain('undo it:    dvs checkout data\n');
    scratch.remove('data');
    expect(await scratch.ok('status')).toContain(
      'data (data:v1): not on disk\n  bring it back:  dvs checkout data\n',
    );
    await scratch.ok('checkout', 'data');
    expect(await scratch.ok('status')).toContain('data (data:v1): clean\n');
  });

  test('-q answers by exit code alone', async () => {
    const scratch = await Scratch.withData();
    expect(await scratch.run(['status', '-q'])).toEqual({ status: 0, stdout: '', stderr: '' });
    scratch.write('data/new.txt', 'new\n');
    expect(await scratch.run(['status', '-q'])).toEqual({ status: 1, stdout: '', stderr: '' });
    expect((await scratch.run(['status'])).status).toBe(0);
  });

  test('of a workspace without anything', async () => {
    const scratch = await Scratch.empty();
    await scratch.ok('init');
    expect(await scratch.ok('status')).toBe('Nothing is tracked. Begin with `dvs add <path>`.\n');
    expect(await scratch.json('status')).toEqual({ clean: true, tracked: [], untracked: [] });
  });

  test('names the version that the files are when dvs.lock is at another', async () => {
    const scratch = await Scratch.withData();
    const first = scratch.read('dvs.lock');
    scratch.write('data/train/2.txt', 'two\n');
    await scratch.ok('add');
    scratch.write('dvs.lock', first); // as `git checkout` does it
    expect(await scratch.ok('status')).toBe(
      'data (data:v1): 1 added (4 B)\n' +
        '  A data/train/2.txt  4 B\n' +
        '  the files are those of data:v2, all recorded\n' +
        '  bring data:v1:  dvs checkout data\n',
    );
    expect((await scratch.json('status')).tracked).toMatchObject([{ state: 'modified', onDisk: 'data:v2' }]);
    scratch.write('data/train/2.txt', 'mine\n');
    expect(await scratch.ok('status')).toContain(
      '  these are files of data:v2 that were changed, and dvs.lock is at data:v1\n  record it:',
    );
    expect((await scratch.json('status')).tracked).toMatchObject([{ onDisk: null, changedFrom: 'data:v2' }]);
    await scratch.ok('checkout', 'data', '--force');
    scratch.write('data/train/1.txt', 'mine\n');
    expect((await scratch.json('status')).tracked).toMatchObject([{ onDisk: null, changedFrom: null }]);
  });

  test('of a version that this store has not got', async () => {
    const scratch = await Scratch.withData();
    const id = (await scratch.ok('resolve', 'data')).trim();
    scratch.write(
      'dvs.lock',
      scratch.read('dvs.lock').replace(id, nodeId(Buffer.from('another')).toString()),
    );
    expect(await scratch.ok('status')).toContain(
      'data (data): the store has not got this version\n  use the store that has:  dvs init --store <folder>\n  record what is on disk:  dvs add data\n',
    );
    expect((await scratch.json('status')).tracked).toMatchObject([{ state: 'unknown', version: null }]);
    expect(await scratch.run(['checkout'])).toMatchObject({ status: 3, stdout: '' });
  });

  test('names are escaped', async () => {
    const scratch = await Scratch.withData();
    scratch.write('evil\u202etxt\x1b[31m', '');
    expect(await scratch.ok('status')).toContain('  evil\\u{202e}txt\\u{1b}[31m\n');
  });
});

describe('dvs diff', () => {
  test('against what is on disk', async () => {
    const scratch = await changed();
    const lines = CHANGES.replaceAll(/^ {2}/gm, '');
    const summary = '1 added (4 B), 1 modified, 1 renamed, 1 removed (4 B)\n';
    expect(await scratch.ok('diff')).toBe(`data as recorded → data on disk\n${lines}${summary}`);
    const one = await scratch.json('diff', 'data:v1');
    expect(one.added).toMatchObject([{ path: 'new.txt', size: 4 }]);
    expect(await scratch.ok('diff', '--', 'data/train')).toContain('1 renamed, 1 removed (4 B)\n');
  });

  test('of two versions', async () => {
    const scratch = await changed();
    await scratch.ok('add');
    const diff = await scratch.json('diff', 'data:v1', 'data:v2');
    expect(diff).toMatchObject({
      compared: [{ from: 'data:v1', to: 'data:v2' }],
      added: [{ path: 'new.txt', type: 'file', size: 4 }],
      removed: [{ path: 'train/1.txt', size: 4 }],
      modified: [{ path: 'labels.csv', before: { size: 8 }, after: { size: 12 } }],
      renamed: [{ path: 'train/zero.txt', from: 'train/0.txt', size: 5 }],
    });
    expect(await scratch.ok('diff', 'data:v1', 'data:v2', '--', '*.csv')).toBe(
      'data:v1 → data:v2\nM labels.csv  8 B → 12 B\n1 modified\n',
    );
    expect(await scratch.ok('diff', 'data:v2', 'data:v2')).toBe('No difference.\n');
  });

  test('puts the tracked paths before the paths of several', async () => {
    const scratch = await Scratch.withData();
    scratch.write('models/w.bin', 'w');
    await scratch.ok('add', 'models/w.bin');
    scratch.write('models/w.bin', 'ww');
    scratch.write('data/new.txt', 'new\n');
    const { added, modified } = await scratch.json('diff');
    expect([...added, ...modified].map(({ path }) => path)).toEqual(['data/new.txt', 'models/w.bin']);
    expect(await scratch.ok('diff')).toBe(
      'data as recorded → data on disk\nA data/new.txt  4 B\n1 added (4 B)\n\n' +
        'models/w.bin as recorded → models/w.bin on disk\nM models/w.bin  1 B → 2 B\n1 modified\n',
    );
  });

  test('answers by exit code when asked to', async () => {
    const scratch = await Scratch.withData();
    expect((await scratch.run(['diff', '--exit-code'])).status).toBe(0);
    scratch.write('data/new.txt', 'new\n');
    expect((await scratch.run(['diff'])).status).toBe(0);
    expect((await scratch.run(['diff', '--exit-code'])).status).toBe(1);
    expect(await scratch.run(['diff', '-q'])).toEqual({ status: 1, stdout: '', stderr: '' });
  });
});
