import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '../../src/base/errors.js';
import { dvs, dvsOk } from '../dvs.js';
import { differences, type Files, filesIn, filesOf, makeFolders } from '../files.js';
import { damage, history, opened } from '../history.js';
import { mounted, resize, tmpfs, usedKib } from '../mount.js';

/** The exit code for a full disk. */
const FULL = 74;
/** Room enough for anything here. */
const AMPLE_KIB = 64 * 1024;

/** What is put on disks that are too small for it. */
export interface Load {
  readonly folder: string;
  readonly files: Files;
}

export interface Tried {
  /** False when there was room enough. */
  readonly wasFull: boolean;
  readonly failures: readonly string[];
}

/** Commands that only read, and so need no room. */
const QUESTIONS = [
  ['resolve', 'old'],
  ['ls', 'old'],
  ['cat', 'old/a'],
  ['log', 'old'],
  ['show', 'old'],
  ['verify'],
  ['status', '-q'],
  ['ls'],
] as const;

/** Adds `load` to a workspace on a disk with `kib` KiB of room; says what does not hold then. */
export function tryAdd(at: string, kib: number, load: Load): Promise<Tried> {
  return mounted(at, tmpfs(AMPLE_KIB), async () => {
    await dvsOk(at, ['init', '-q']);
    makeFolders(join(at, 'old'), join(at, 'big'));
    writeFileSync(join(at, 'old', 'a'), 'an old version');
    const old = (await dvsOk(at, ['add', 'old', '-q'])).trim();
    return mounted(join(at, 'big'), ['--bind', load.folder], async () => {
      resize(at, Math.ceil(usedKib(at)) + kib);
      const { code, stdout, stderr } = await dvs(at, ['add', 'big', '-q']);
      const failures: string[] = [];
      if (code !== 0 && (code !== FULL || !stderr.includes('E_NOSPC')))
        failures.push(`add: ${code}, ${stderr}`);
      failures.push(...leftovers(at));
      const expected = new Map([['old', [old]]]);
      if (code === 0) expected.set('big', [stdout.trim()]);
      failures.push(...(await whenFull(at, () => holds(at, expected, kib))));
      resize(at, AMPLE_KIB);
      const again = (await dvsOk(at, ['add', 'big', '-q'])).trim();
      failures.push(...(await holds(at, expected.set('big', [again]), kib)));
      const wrong = await opened(at, async (repo) => differences(load.files, await filesOf(repo, again)));
      return {
        wasFull: code !== 0,
        failures: [...failures, ...wrong.map((path) => `${path} is not as added`)],
      };
    });
  });
}

/** Checks `load`, which is `big` in the workspace `root`, out to a disk with `kib` KiB. */
export function tryCheckout(root: string, at: string, kib: number, load: Load): Promise<Tried> {
  return mounted(at, tmpfs(kib), async () => {
    const dest = join(at, 'big');
    const { code, stderr } = await dvs(root, ['checkout', 'big', dest, '-q']);
    const failures: string[] = [];
    if (code !== 0 && (code !== FULL || !stderr.includes('E_NOSPC')))
      failures.push(`checkout: ${code}, ${stderr}`);
    for (const [path, digest] of filesIn(dest)) {
      if (load.files.get(path) !== digest) failures.push(`checkout left ${path}, which is not whole`);
    }
    resize(at, AMPLE_KIB);
    await dvsOk(root, ['checkout', 'big', dest, '-q']);
    const wrong = differences(load.files, filesIn(dest));
    if (wrong.length > 0) failures.push(`the second checkout did not bring ${wrong.join(', ')}`);
    return { wasFull: code !== 0, failures };
  });
}

/** How much room adding `load` takes when there is plenty, in KiB. */
export function roomFor(at: string, load: Load): Promise<number> {
  return mounted(at, tmpfs(AMPLE_KIB), async () => {
    await dvsOk(at, ['init', '-q']);
    makeFolders(join(at, 'big'));
    return mounted(join(at, 'big'), ['--bind', load.folder], async () => {
      const before = usedKib(at);
      await dvsOk(at, ['add', 'big', '-q']);
      return Math.ceil(usedKib(at) - before);
    });
  });
}

/** Takes the last byte of room away, and gives it back after `work`. */
async function whenFull<T>(at: string, work: () => Promise<T>): Promise<T> {
  const fill = join(at, 'fill');
  try {
    for (;;) writeFileSync(fill, new Uint8Array(4096), { flag: 'a' });
  } catch (error) {
    if (systemCode(error) !== 'ENOSPC') throw error;
  }
  try {
    return await work();
  } finally {
    rmSync(fill, { force: true });
  }
}

/** Whether the store has exactly these versions, all of it is intact, and a question is answered. */
async function holds(
  at: string,
  expected: ReadonlyMap<string, readonly string[]>,
  number: number,
): Promise<string[]> {
  const question = QUESTIONS[number % QUESTIONS.length] ?? QUESTIONS[0];
  const { code, stderr } = await dvs(at, question);
  const failures = code === 0 ? [] : [`${question.join(' ')}: ${code}, ${stderr}`];
  try {
    await opened(at, async (repo) => {
      const { versions } = await history(repo);
      if (JSON.stringify([...versions]) !== JSON.stringify([...expected])) {
        failures.push(`the versions are ${JSON.stringify([...versions])}`);
      }
      failures.push(...(await damage(repo)));
    });
  } catch (error) {
    failures.push(`reading: ${String(error)}`);
  }
  return failures;
}

function leftovers(at: string): string[] {
  const folder = join(at, '.dvs', 'tmp');
  const left = existsSync(folder) ? readdirSync(folder) : [];
  return left.map((name) => `left .dvs/tmp/${name}`);
}
