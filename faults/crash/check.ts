import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { add, checkout, find, Repository, verify } from '../../src/index.js';
import { readLock } from '../../src/workspace/lock.js';
import type { Image } from './image.js';
import { type Move, movesOf, SURROUNDINGS } from './recording.js';

/** What must hold of an image. */
export interface Expected {
  /** What the log said in the end, of which an image has the beginning. */
  readonly moves: readonly Move[];
  /** So many entries of the log were acknowledged; no more than `written` had begun to be. */
  readonly acknowledged: number;
  readonly written: number;
  /** Whether `init` had ended. */
  readonly isMade: boolean;
}

/** Opens what a crash left, reads all of it, and returns what does not hold. */
export async function check(root: string, expected: Expected): Promise<string[]> {
  const wrong: string[] = [];
  const repo = expected.isMade
    ? await Repository.open(root, SURROUNDINGS)
    : await Repository.init(root, SURROUNDINGS);
  try {
    const { seq } = await repo.store.refresh();
    if (seq < expected.acknowledged)
      wrong.push(`${expected.acknowledged} commits acknowledged, ${seq} there`);
    if (seq > expected.written) wrong.push(`${seq} commits there, and only ${expected.written} made`);
    const should = expected.moves.filter((move) => move.seq <= seq);
    const moves = await movesOf(repo);
    if (told(moves) !== told(should)) wrong.push(`the log says ${told(moves)}, not ${told(should)}`);
    for (const { version } of should) {
      if (version === undefined) continue;
      const { id } = await find(repo, version.reference);
      if (id.toString() !== version.id) wrong.push(`${version.reference} is ${id}, not ${version.id}`);
    }
    const { damaged, missing } = await verify(repo);
    for (const { path, why } of [...damaged, ...missing]) wrong.push(`${path}: ${why}`);
    await readLock(repo.workspace);
  } finally {
    await repo.close();
  }
  return wrong;
}

/** Goes on working with what a crash left: adds, checks out elsewhere, and mends files that lost their bytes. */
export async function goOn(root: string, image: Image): Promise<string[]> {
  const wrong: string[] = [];
  const repo = await Repository.open(root, SURROUNDINGS);
  try {
    if (image.torn.length > 0) wrong.push(...(await mend(repo, root, image)));
    mkdirSync(join(root, 'data'), { recursive: true });
    writeFileSync(join(root, 'data', 'next'), 'after the crash');
    const { versions } = await add(repo, { paths: ['data'] });
    if (versions[0]?.isNew !== true) wrong.push('the next add made no version');
    const dest = mkdtempSync(join(root, 'out-'));
    await checkout(repo, { cwd: root, reference: `data:v${versions[0]?.version}`, dest });
    wrong.push(...differences(join(root, 'data'), dest));
    const { damaged, missing } = await verify(repo);
    for (const { path, why } of [...damaged, ...missing]) wrong.push(`after the next add, ${path}: ${why}`);
  } finally {
    await repo.close();
  }
  return wrong;
}

/** The versions that `dvs.lock` names come back whole, over whatever is left of the files. */
async function mend(repo: Repository, root: string, image: Image): Promise<string[]> {
  const wrong: string[] = [];
  for (const { path, id, type } of (await readLock(repo.workspace)).values()) {
    if (!image.torn.some((torn) => torn.startsWith(`${path}/`))) continue;
    const whole = mkdtempSync(join(root, 'whole-'));
    await checkout(repo, { cwd: root, reference: id.toString(), dest: whole });
    await checkout(repo, { cwd: root, reference: path, force: true });
    if (type !== 'folder') continue;
    for (const name of filesIn(whole)) {
      if (!isSame(join(whole, name), join(root, path, name))) wrong.push(`${path}/${name} did not come back`);
    }
    rmSync(whole, { recursive: true });
  }
  return wrong;
}

function differences(a: string, b: string): string[] {
  const names = new Set([...filesIn(a), ...filesIn(b)]);
  return [...names]
    .filter((name) => !isSame(join(a, name), join(b, name)))
    .map((name) => `${name} came back otherwise than it was added`);
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((name) => !name.startsWith('.dvs/'));
}

function isSame(a: string, b: string): boolean {
  try {
    return readFileSync(a).equals(readFileSync(b));
  } catch {
    return false;
  }
}

function told(moves: readonly Move[]): string {
  return moves.map(({ text }) => text).join(', ');
}
