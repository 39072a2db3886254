import { rmSync } from 'node:fs';
import pLimit from 'p-limit';
import { Random } from '../random.js';
import { scratch } from '../scratch.js';
import { check, type Expected, goOn } from './check.js';
import { type Crash, type Image, imageAfter, STYLES, writeImage } from './image.js';
import type { Recording } from './recording.js';

/** Which crashes to look at. */
export interface Expedition {
  readonly seed: number;
  /** Points `first`, `first + step` … */
  readonly first: number;
  readonly step: number;
  /** Images in which it is left to chance what is lost, at each point. */
  readonly random: number;
  /** One image in so many is also worked on. */
  readonly workOnOneIn: number;
}

export interface Findings {
  points: number;
  images: number;
  workedOn: number;
  tornFiles: number;
  readonly failures: string[];
}

/** A crash and what it left. */
interface Case {
  readonly crash: Crash;
  readonly image: Image;
  readonly isWorkedOn: boolean;
}

/** Images looked at side by side: much of a look is waiting for the disk. */
const AT_ONCE = 4;
/** Something is said whenever so many calls are done. */
const REPORTED = 50;

/** Builds the images of every chosen point and checks each that was not seen before. */
export async function explore(
  recording: Recording,
  expedition: Expedition,
  report: (line: string) => void = () => {},
): Promise<Findings> {
  const findings: Findings = { points: 0, images: 0, workedOn: 0, tornFiles: 0, failures: [] };
  const limit = pLimit(AT_ONCE);
  const seen = new Set<string>();
  let told = 0;
  for (let point = expedition.first; point <= recording.journal.length; point += expedition.step) {
    // The same image says something else at a point where more has to hold of it.
    const expected = JSON.stringify(expectedAt(recording, point));
    const cases = casesAt(recording, point, expedition).filter(({ image: { digest } }) => {
      const key = digest + expected;
      return !seen.has(key) && seen.add(key);
    });
    if (cases.length > 0) findings.points++;
    findings.images += cases.length;
    findings.workedOn += cases.filter(({ isWorkedOn }) => isWorkedOn).length;
    findings.tornFiles += cases.reduce((sum, { image }) => sum + image.torn.length, 0);
    const wrong = await Promise.all(cases.map((one) => limit(() => examine(recording, one))));
    for (const [i, one] of cases.entries()) {
      const how = `seed ${expedition.seed}, ${describe(recording, one)}`;
      findings.failures.push(...(wrong[i] ?? []).map((what) => `${how}: ${what}`));
    }
    if (point % REPORTED === 0) {
      const { points, images, failures } = findings;
      report(`call ${point} of ${recording.journal.length}: ${points} points, ${images} images`);
      for (const failure of failures.slice(told)) report(failure);
      told = failures.length;
    }
  }
  return findings;
}

function casesAt(recording: Recording, point: number, expedition: Expedition): Case[] {
  const chances = Array.from({ length: expedition.random - 1 }, () => 'some of each' as const);
  return [...STYLES, ...chances].map((style, i) => {
    const random = new Random((expedition.seed * 100_003 + point) * 101 + i);
    const crash = { point, style, ordered: random.oneIn(2) };
    return {
      crash,
      image: imageAfter(recording.changes, crash, random),
      isWorkedOn: random.oneIn(expedition.workOnOneIn),
    };
  });
}

/** What has to hold of whatever a crash at that point leaves. */
function expectedAt({ known, journal }: Recording, point: number): Omit<Expected, 'moves'> {
  const { written = 0, acknowledged = 0 } = known[point] ?? {};
  const isMade = journal.slice(0, point).some((entry) => entry.op === 'end' && entry.code === 0);
  return { written, acknowledged, isMade };
}

async function examine(recording: Recording, { crash, image, isWorkedOn }: Case): Promise<string[]> {
  const wrong = crash.ordered ? image.torn.map((path) => `${path} is neither old nor new`) : [];
  const root = scratch('dvs-crash-');
  try {
    writeImage(image, root);
    wrong.push(...(await check(root, { moves: recording.moves, ...expectedAt(recording, crash.point) })));
    if (isWorkedOn) wrong.push(...(await goOn(root, image)));
  } catch (error) {
    wrong.push(String(error));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  return wrong;
}

/** What is needed to see a case again. */
function describe({ journal }: Recording, { crash }: Case): string {
  const { point, style, ordered } = crash;
  const command = journal.slice(0, point).findLast((entry) => entry.op === 'begin' || entry.op === 'end');
  const entry = journal[point - 1];
  const during = command?.op === 'begin' ? `in ${command.command}` : 'between commands';
  const at = entry === undefined ? '' : 'path' in entry ? entry.path : 'to' in entry ? entry.to : '';
  const where = `point ${point} (${during}, after ${entry?.op} ${at.split('/').slice(-2).join('/')})`;
  return `${where}, ${style}${ordered ? ', bytes before renames' : ''}`;
}
