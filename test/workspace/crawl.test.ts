import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { crawl, crawlFile } from '#src/workspace/crawl.js';
import { listFolder, listUntyped } from '#src/workspace/list-folder.js';
import { makeTempDir, tempDir } from '../support/tmp.js';

let root: string;

beforeEach(async () => {
  root = await tempDir();
});

function put(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), path);
  }
}

function putRaw(name: string): void {
  closeSync(openSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name, 'latin1')]), 'w'));
}

function paths(folder = root): string[] {
  return [...crawl(folder)].map(({ path }) => path);
}

function failure(code: string, ...about: string[]) {
  return expect.objectContaining({ code, about: about.map((text) => expect.stringContaining(text)) });
}

describe('order', () => {
  test('is that of the bytes of whole paths', () => {
    put(
      'a/b',
      'a-b',
      'a.b',
      'a0',
      'ab',
      'a/a/z',
      'Z',
      'é',
      '\u{10000}',
      '\u{e000}',
      '\u{ffee}',
      'z/\u{1f600}/x',
    );
    const found = paths();
    expect(found).toEqual(found.toSorted((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y))));
    expect(found.slice(0, 7)).toEqual(['Z', 'a-b', 'a.b', 'a/a/z', 'a/b', 'a0', 'ab']);
  });

  test('whatever the tree', { timeout: 60_000 }, async () => {
    const name = fc.string({
      unit: fc.constantFrom('a', 'b', '-', '.', '0', '/', '/', 'é', '\u{ffee}', '\u{10000}', '!', ' ', '~'),
      minLength: 1,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(name, { maxLength: 30 }), async (names) => {
        const { path: folder, remove } = await makeTempDir();
        try {
          const made = new Set<string>();
          for (const text of names) {
            const path = text
              .split('/')
              .filter((part) => /[^.]/.test(part))
              .join('/');
            if (path === '') continue;
            try {
              mkdirSync(dirname(join(folder, path)), { recursive: true });
              writeFileSync(join(folder, path), '', { flag: 'wx' });
              made.add(path);
            } catch {} // it is a folder already, or lies beneath a file
          }
          const expected = [...made].sort((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y)));
          expect(paths(folder)).toEqual(expected);
        } finally {
          await remove();
        }
      }),
      { numRuns: 150 },
    );
  });

  test('does not depend on whether the system tells types', () => {
    put('b/x', 'a', 'é/y', '-');
    symlinkSync('a', join(root, 'link'));
    putRaw('caf\xe9');
    symlinkSync('b', join(root, 'to-folder'));
    symlinkSync('nowhere', join(root, 'to-nothing'));
    expect(listUntyped(root).sort()).toEqual(listFolder(root));
    expect(listUntyped(root, true).sort()).toEqual(listFolder(root, true));
    expect(listFolder(root, true)).toContain('to-folder/');
  });
});

describe('what it finds', () => {
  test('files as the system describes them', () => {
    put('data/x.bin');
    const { size, mtimeNs, ctimeNs, ino } = statSync(join(root, 'data/x.bin'), { bigint: true });
    expect([...crawl(root)]).toEqual([
      {
        path: 'data/x.bin',
        absolute: join(root, 'data/x.bin'),
        type: 'file',
        stat: { size: Number(size), mtimeNs, ctimeNs, ino },
      },
    ]);
    expect(crawlFile(join(root, 'data/x.bin'))).toMatchObject({ path: 'x.bin', type: 'file' });
  });

  test('links, also to folders and to nothing, without following them', () => {
    put('a/x');
    symlinkSync('a', join(root, 'b'));
    symlinkSync('../none', join(root, 'a', 'y'));
    expect([...crawl(root)].slice(1)).toEqual([
      { path: 'a/y', absolute: join(root, 'a/y'), type: 'link', target: '../none' },
      { path: 'b', absolute: join(root, 'b'), type: 'link', target: 'a' },
    ]);
  });

  test('not empty folders, .dvs and .git', () => {
    put('.git', 'a/.git/config', 'a/.dvs/format', 'b/.dvs', 'c/.gitignore', 'c/.dvsignore');
    mkdirSync(join(root, 'empty/inner'), { recursive: true });
    expect(paths()).toEqual(['c/.dvsignore', 'c/.gitignore']);
  });

  test('nothing in nothing', () => {
    expect(paths()).toEqual([]);
  });

  test('the same with a slash at the end of the root', () => {
    put('a');
    expect(paths(`${root}/`)).toEqual(['a']);
  });
});

describe('what it refuses', () => {
  test('a root that is missing, a file or a link', () => {
    put('file', 'folder/x');
    symlinkSync('folder', join(root, 'link'));
    expect(() => paths(join(root, 'none'))).toThrow(failure('E_NOT_FOUND', 'none'));
    expect(() => paths(join(root, 'file'))).toThrow(failure('E_TYPE', 'file'));
    expect(() => paths(join(root, 'link'))).toThrow(failure('E_SYMLINK', 'link'));
    expect(() => crawlFile(join(root, 'none'))).toThrow(failure('E_NOT_FOUND', 'none'));
    expect(() => crawlFile(join(root, 'folder'))).toThrow(failure('E_TYPE', 'folder'));
    expect(() => crawlFile(join(root, 'link'))).toThrow(failure('E_SYMLINK', 'link'));
  });

  test('names that are not UTF-8', () => {
    putRaw('caf\xe9.txt');
    putRaw('fine.txt');
    expect(() => paths()).toThrow(failure('E_PATH', 'caf\\xe9.txt'));
  });

  test('control characters', () => {
    put('a\nb');
    expect(() => paths()).toThrow(failure('E_PATH', 'a\nb'));
  });

  test.each(['.GIT', '.Dvs', 'git~1', '.git.', '.g\u200cit'])('the disguise %j', (name) => {
    put(`a/${name}/x`);
    expect(() => paths()).toThrow(failure('E_PATH_RESERVED', name));
  });

  test.each([
    ['/etc/passwd', 'E_SYMLINK'],
    ['../outside', 'E_SYMLINK'],
    ['.git/config', 'E_SYMLINK'],
  ])('a link to %s', (target, code) => {
    symlinkSync(target, join(root, 'link'));
    expect(() => paths()).toThrow(failure(code, 'link'));
  });

  test('a link whose target is not UTF-8', () => {
    symlinkSync(Buffer.from('\xff', 'latin1'), join(root, 'link'));
    expect(() => paths()).toThrow(failure('E_SYMLINK', 'link'));
  });

  test('a pipe', () => {
    execFileSync('mkfifo', [join(root, 'pipe')]);
    expect(() => paths()).toThrow(failure('E_TYPE', 'pipe'));
    expect(() => crawlFile(join(root, 'pipe'))).toThrow(failure('E_TYPE', 'pipe'));
  });

  test('a socket', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(root, 'socket'), resolve));
    onTestFinished(() => void server.close());
    expect(() => paths()).toThrow(failure('E_TYPE', 'socket'));
  });

  test('a folder it may not read', ({ skip }) => {
    if (process.getuid?.() === 0) skip('root may read everything');
    put('closed/x', 'open/y');
    chmodSync(join(root, 'closed'), 0);
    onTestFinished(() => chmodSync(join(root, 'closed'), 0o700));
    expect(() => paths()).toThrow(failure('E_ACCESS', 'closed'));
  });

  test('all of it at once, after what is fine', () => {
    put('a\tb', 'fine', '.GIT/x');
    symlinkSync('/', join(root, 'z'));
    const found: string[] = [];
    const run = () => {
      for (const { path } of crawl(root)) found.push(path);
    };
    expect(run).toThrow(failure('E_PATH_RESERVED', '.GIT', 'a\\tb', 'link z'));
    expect(run).toThrow(/^3 paths cannot be taken in; the first: /);
    expect(found).toContain('fine');
  });

  test('at most twenty at once', () => {
    for (let i = 0; i < 30; i++) put(`x\n${i}`);
    expect(() => paths()).toThrow(/^at least 20 paths/);
    expect(() => paths()).toThrow(failure('E_PATH', ...Array<string>(20).fill('x')));
  });
});

// Making such trees takes long on some disks.
describe('extremes', { timeout: 60_000 }, () => {
  test('folders ten thousand deep are refused without a stack overflow', () => {
    // No call takes a path of more than 4,096 bytes, so such a tree can only be made from within.
    const script = "for (let i = 0; i < 10000; i++) { fs.mkdirSync('d'); process.chdir('d'); }";
    execFileSync(process.execPath, ['-e', script], { cwd: root, stdio: 'ignore' });
    onTestFinished(() => void execFileSync('rm', ['-rf', root]));
    expect(() => paths()).toThrow(expect.objectContaining({ code: 'E_PATH' }));
  });

  test('folders as deep as paths allow are read', () => {
    const deep = `${'d/'.repeat(1000)}x`;
    put(deep);
    expect(paths()).toEqual([deep]);
  });

  test('a path that the system cannot open is E_PATH', () => {
    // 4,094 bytes are fine in a dataset, not behind the root's own path.
    const segment = 'd'.repeat(200);
    const script = `for i in $(seq 20); do mkdir ${segment} && cd -P ${segment}; done; mkdir ${'e'.repeat(70)}; cd -P e*; : > f`;
    execFileSync('sh', ['-c', script], { cwd: root, stdio: 'ignore' });
    onTestFinished(() => void execFileSync('rm', ['-rf', root]));
    expect(() => paths()).toThrow(expect.objectContaining({ code: 'E_PATH' }));
  });

  test('very many files in one folder', () => {
    for (let i = 0; i < 5_000; i++) closeSync(openSync(join(root, `${i}`), 'w'));
    let count = 0;
    for (const { path } of crawl(root)) if (path !== '') count++;
    expect(count).toBe(5_000);
  });
});

describe('changes on the way', () => {
  test('what is removed between listing and looking is left out', () => {
    put('a', 'b', 'c/x', 'd');
    const found: string[] = [];
    for (const { path } of crawl(root)) {
      found.push(path);
      rmSync(join(root, 'b'), { force: true });
      rmSync(join(root, 'c'), { recursive: true, force: true });
    }
    expect(found).toEqual(['a', 'd']);
  });

  test('what is gone and listed again is E_CHANGED', () => {
    put('a', 'b', 'c');
    const run = () => {
      for (const { path } of crawl(root)) {
        if (path === 'a') renameSync(join(root, 'b'), join(root, 'away'));
        if (path === 'c') renameSync(join(root, 'away'), join(root, 'b'));
      }
    };
    expect(run).toThrow(failure('E_CHANGED', 'b'));
  });

  test('a file that became a folder, or the reverse, is E_CHANGED', () => {
    put('a', 'b', 'c/x');
    const run = () => {
      for (const _ of crawl(root)) {
        rmSync(join(root, 'b'), { force: true, recursive: true });
        rmSync(join(root, 'c'), { force: true, recursive: true });
        mkdirSync(join(root, 'b'));
        writeFileSync(join(root, 'c'), '');
      }
    };
    expect(run).toThrow(failure('E_CHANGED', 'b', 'c'));
  });

  test('reading the found files needs no more than `absolute`', () => {
    put('a b/ü');
    for (const { absolute } of crawl(root)) expect(readFileSync(absolute, 'utf8')).toBe('a b/ü');
  });
});
