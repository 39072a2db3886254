import { cpSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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
  /** Of the dataset that these files are. */
  readonly id: string;
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

/** Makes the workspace that disks begin with: one old version, and a place for the load. */
export async function makeTemplate(root: string): Promise<string> {
  makeFolders(join(root, 'old'), join(root, 'big'));
  await dvsOk(root, ['init', '-q']);
  writeFileSync(join(root, 'old', 'a'), 'an old version');
  return (await dvsOk(root, ['add', 'old', '-q'])).trim();
}

/** Adds `load` to a copy of `template` on a disk with `kib` KiB of room; says what does not hold then. */
export function tryAdd(
  template: { readonly root: string; readonly id: string },
  at: string,
  kib: number,
  load: Load,
): Promise<Tried> {
  return withLoad(template.root, at, load, async () => {
    resize(at, Math.ceil(usedKib(at)) + kib);
    const { code, stderr } = await dvs(at, ['add', 'big', '-q']);
    const failures = [...unexpected('add', code, stderr), ...leftovers(at)];
    const expected = new Map([['old', [template.id]]]);
    // The room may end after the commit; then add says so.
    if (code === 0 || stderr.includes('was recorded')) expected.set('big', [load.id]);
    failures.push(
      ...(await whenFull(at, async () => [...(await answers(at, kib)), ...(await holds(at, expected))])),
    );
    resize(at, AMPLE_KIB);
    await dvsOk(at, ['add', 'big', '-q']);
    failures.push(...(await holds(at, expected.set('big', [load.id]))));
    const wrong = await opened(at, async (repo) => differences(load.files, await filesOf(repo, load.id)));
    return {
      wasFull: code !== 0,
      failures: [...failures, ...wrong.map((path) => `${path} is not as added`)],
    };
  });
}

/** Checks `load`, which is `big` in the workspace `root`, out to a disk with `kib` KiB. */
export function tryCheckout(root: string, at: string, kib: number, load: Load): Promise<Tried> {
  return mounted(at, tmpfs(kib), async () => {
    const dest = join(at, 'big');
    const { code, stderr } = await dvs(root, ['checkout', 'big', dest, '-q']);
    const failures = unexpected('checkout', code, stderr);
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
export function roomFor(template: string, at: string, load: Load): Promise<number> {
  return withLoad(template, at, load, async () => {
    const before = usedKib(at);
    await dvsOk(at, ['add', 'big', '-q']);
    return Math.ceil(usedKib(at) - before);
  });
}

/** Runs `work` with a copy of a workspace on a disk of its own, and the load in it, which lies elsewhere. */
function withLoad<T>(template: string, at: string, load: Load, work: () => Promise<T>): Promise<T> {
  return mounted(at, tmpfs(AMPLE_KIB), () => {
    cpSync(template, at, { recursive: true });
    return mounted(join(at, 'big'), ['--bind', load.folder], work);
  });
}

function unexpected(command: string, code: number | undefined, stderr: string): string[] {
  const isExpected = code === 0 || (code === FULL && stderr.includes('E_NOSPC'));
  return isExpected ? [] : [`${command}: ${code}, ${stderr}`];
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

/** Whether a question is answered; which one, depends on `number`. */
async function answers(at: string, number: number): Promise<string[]> {
  const question = QUESTIONS[number % QUESTIONS.length] ?? QUESTIONS[0];
  const { code, stderr } = await dvs(at, question);
  return code === 0 ? [] : [`${question.join(' ')}: ${code}, ${stderr}`];
}

/** Whether the store has exactly these versions, and all of it is intact. */
async function holds(at: string, expected: ReadonlyMap<string, readonly string[]>): Promise<string[]> {
  const failures: string[] = [];
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
