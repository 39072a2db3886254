import { existsSync, lstatSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { confirm } from '#cli/confirm.js';
import { add } from '#src/flows/add.js';
import { checkout } from '#src/flows/checkout.js';
import { diff } from '#src/flows/diff.js';
import { put } from '#src/flows/put.js';
import { Repository } from '#src/flows/repository.js';
import { status } from '#src/flows/status.js';
import { unprotect } from '#src/flows/unprotect.js';
import { addPath, openRepository, read, write } from '../support/repository.js';
import { tempDir } from '../support/tmp.js';

/** A workspace whose `data` is a link to a folder on another disk, so to speak. */
async function linked() {
  const opened = await openRepository();
  const outside = realpathSync(await tempDir());
  write(outside, { 'big/a': 'a', 'big/sub/b': 'b' });
  symlinkSync(join(outside, 'big'), join(opened.root, 'data'));
  return { ...opened, outside };
}

const allow = (repo: Repository) => add(repo, { paths: ['data'], allowRootLink: true });

function turn(root: string, target: string): void {
  rmSync(join(root, 'data'));
  symlinkSync(target, join(root, 'data'));
}

describe('a tracked folder that is a link', () => {
  test('is refused with the way to approve it', async () => {
    const { repo } = await linked();
    await expect(addPath(repo, 'data')).rejects.toMatchObject({
      code: 'E_SYMLINK',
      hint: expect.stringContaining('dvs add --allow-root-link data'),
    });
  });

  test('works once approved, and everything stays behind it', async () => {
    const { repo, root, outside } = await linked();
    await allow(repo);
    expect((await status(repo)).clean).toBe(true);
    write(outside, { 'big/a': 'A', 'big/c': 'c' });
    const [compared] = await diff(repo, { references: [] });
    expect(compared?.diff.added.length).toBe(1);
    expect((await addPath(repo, 'data')).version).toBe(2);
    await checkout(repo, { reference: 'data:v1', cwd: root });
    expect(read(outside)).toEqual({ 'big/a': 'a', 'big/sub/b': 'b' });
    expect(lstatSync(join(root, 'data')).isSymbolicLink()).toBe(true);
    expect((await status(repo)).clean).toBe(true);
  });

  test('has the rules of the workspace and its own', async () => {
    const { repo, root, outside } = await linked();
    write(root, { '.dvsignore': '/data/a\n' });
    write(outside, { 'big/sub/.dvsignore': 'b\n' });
    const { versions } = await allow(repo);
    expect(versions[0]).toMatchObject({ files: 1, ignored: { files: 2 } });
  });

  test('is refused again when it leads elsewhere, on whatever way, and for another path', async () => {
    const { repo, root, outside } = await linked();
    await allow(repo);
    write(outside, { 'other/a': 'mine' });
    const before = read(outside);
    turn(root, join(outside, 'other'));
    for (const [command, act] of [
      ['status', () => status(repo)],
      ['add', () => add(repo, { paths: [] })],
      ['checkout', () => checkout(repo, { cwd: root, force: true })],
      ['diff', () => diff(repo, { references: [] })],
    ] as const) {
      const hint = expect.stringContaining(`\`dvs ${command} --allow-root-link data\``);
      await expect(act()).rejects.toMatchObject({ code: 'E_SYMLINK', hint });
    }
    await expect(unprotect(repo, {})).rejects.toMatchObject({
      hint: expect.stringContaining(
        '`dvs status --allow-root-link data` approves it for good; then do the same again.',
      ),
    });
    // The same text of the link, and a folder on the way that is a link now.
    turn(root, 'way/big');
    symlinkSync(join(outside, 'other'), join(root, 'way'));
    await expect(status(repo)).rejects.toMatchObject({ code: 'E_SYMLINK' });
    turn(root, join(outside, 'big'));
    expect((await status(repo)).clean).toBe(true);
    symlinkSync(join(outside, 'big'), join(root, 'second'));
    await expect(addPath(repo, 'second')).rejects.toMatchObject({ code: 'E_SYMLINK' });
    expect(read(outside)).toEqual(before);
  });

  test('that leads elsewhere keeps no edit of the dataset from being made', async () => {
    const { repo, root, outside } = await linked();
    await allow(repo);
    write(outside, { 'other/a': 'mine', new: 'new' });
    const before = read(outside);
    turn(root, join(outside, 'other'));
    const edited = await put(repo, { sources: [join(outside, 'new')], destination: 'data/new' });
    expect(edited).toMatchObject({ version: 2, left: expect.stringContaining('it leads to') });
    expect(read(outside)).toEqual(before);
  });

  test.each<[string, (root: string) => string]>([
    ['the workspace', (root) => root],
    ['a folder above it', () => '..'],
    ['the store', () => '.dvs'],
    ['a folder in it', () => '.dvs/log'],
  ])('cannot lead to %s, whatever is approved', async (_, target) => {
    const { repo, root } = await linked();
    turn(root, target(root));
    await expect(allow(repo)).rejects.toMatchObject({ code: 'E_UNSAFE' });
  });

  test('a folder above a tracked one is never a link', async () => {
    const { repo } = await linked();
    await expect(add(repo, { paths: ['data/sub'], allowRootLink: true })).rejects.toMatchObject({
      code: 'E_SYMLINK',
    });
  });

  test('a dry run approves nothing for later', async () => {
    const { repo, root } = await linked();
    await add(repo, { paths: ['data'], allowRootLink: true, dryRun: true });
    expect(existsSync(join(root, '.dvs/approvals.json'))).toBe(false);
  });
});

describe('on a terminal the user is asked', () => {
  test.each([true, false])('once, and %s is the answer', async (answer) => {
    const { repo, root, outside } = await linked();
    const questions: string[] = [];
    const asked = await Repository.open(root, {
      who: 'ada',
      clock: () => 0,
      workers: 1,
      confirm: async (question) => {
        questions.push(question);
        return answer;
      },
    });
    const added = addPath(asked, 'data');
    if (answer) {
      await added;
      expect((await status(asked)).clean).toBe(true);
      expect((await status(repo)).clean).toBe(true);
    } else await expect(added).rejects.toMatchObject({ code: 'E_SYMLINK' });
    expect(questions).toEqual([expect.stringContaining(join(outside, 'big'))]);
    await asked.close();
  });

  test.each([
    ['y\n', true],
    ['YES\n', true],
    ['n\n', false],
    ['\n', false],
    ['yesterday\n', false],
    ['', false],
  ])('%j is %s', async (typed, expected) => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const answer = confirm('Really, \x1b[31mred?', input, output);
    input.end(typed);
    expect(await answer).toBe(expected);
    expect(String(output.read())).toContain('Really, \\u{1b}[31mred? [y/N] ');
  });
});

test('the approval is in .dvs, for this folder and no other', async () => {
  const { repo, root } = await linked();
  await allow(repo);
  const { given, store } = JSON.parse(readFileSync(join(root, '.dvs/approvals.json'), 'utf8'));
  expect(given).toHaveLength(1);
  expect(store).toBe(String(lstatSync(join(root, '.dvs')).ino));
});
