import { DvsError } from '../../base/errors.js';
import { type Cohort, type Leak, LeakFinder } from '../../ops/leaks/find.js';
import type { LeakCheck, LeakNeed, LeakSample, LeakSubject } from '../../ops/leaks/sample.js';
import { cellPlan } from '../../ops/samples/cells.js';
import { parseDefinition } from '../../ops/samples/definition.js';
import { LeftOut } from '../../ops/samples/left-out.js';
import type { Repository } from '../repository.js';
import type { Subject } from './subject.js';

/** A check that has something to look at, and what it needs. */
export interface UsableCheck {
  readonly check: LeakCheck;
  readonly needs: readonly LeakNeed[];
}

/** A check that had nothing to look at, and why. */
export interface SkippedCheck {
  readonly name: string;
  readonly why: string;
}

/** The checks that have something to look at, and why the others have not. E_USAGE when none has. */
export async function chooseUsable(
  own: Subject,
  checks: readonly LeakCheck[],
  ignored: readonly string[],
): Promise<{ usable: UsableCheck[]; skipped: SkippedCheck[] }> {
  const subject = await subjectOf(own, ignored);
  const usable: UsableCheck[] = [];
  const skipped: SkippedCheck[] = [];
  for (const check of checks) {
    const applies = check.applies(subject);
    if ('needs' in applies) usable.push({ check, needs: applies.needs });
    else skipped.push({ name: check.name, why: applies.why });
  }
  if (usable.length === 0) throw nothingToLookAt(skipped);
  return { usable, skipped };
}

/** E_USAGE: no check has anything to look at. */
export function nothingToLookAt([first]: readonly SkippedCheck[]): DvsError {
  return new DvsError('E_USAGE', `${first?.name ?? 'no check'}: ${first?.why ?? 'there is none'}`, {
    hint: 'Choose another check, or leave `--check` out.',
  });
}

/** Whether samples are compared by their cells; others by their bytes, or pieces of these. */
export async function hasCells(subject: Subject, ignored: readonly string[]): Promise<boolean> {
  return (await subjectOf(subject, ignored)).hasCells;
}

async function subjectOf(
  { opened }: Subject,
  ignored: readonly string[],
  columns?: readonly string[],
): Promise<LeakSubject> {
  const { reader } = opened.samples;
  const { fields } = parseDefinition(reader);
  const plan = await cellPlan(opened.set, reader.name, new LeftOut(ignored), columns);
  return { hasGroups: fields.group !== undefined, hasCells: plan !== undefined, ignored };
}

/** What a look found, and what it says of itself. */
export interface Looked {
  readonly leaks: readonly Leak[];
  /** What there was no room to tell of. */
  readonly unlisted: number;
  /** Checks for which no sample has anything that counts. */
  readonly inVain: readonly SkippedCheck[];
  /** Columns that do not count, and that no sample has. */
  readonly unseen: readonly string[];
}

/** Goes through all samples once, for all checks. */
export async function look(
  repo: Repository,
  subjects: readonly Subject[],
  cohorts: readonly Cohort[],
  checks: readonly UsableCheck[],
  ignored: readonly string[],
): Promise<Looked> {
  const finders = checks.map(({ check }) => new LeakFinder(check.name, cohorts, repo.scratch));
  const needs = new Set(checks.flatMap(({ needs }) => needs));
  const columns = await subjects[0]?.opened.set.columns();
  const leftOut = new LeftOut(ignored);
  let first = 0;
  let items = 0;
  try {
    for (const subject of subjects) {
      const { set, samples } = subject.opened;
      const known = await subjectOf(subject, ignored, columns);
      const cells = needs.has('cells')
        ? await cellPlan(set, samples.reader.name, leftOut, columns)
        : undefined;
      const without = known.hasCells || ignored.length === 0 ? undefined : leftOut;
      const wish = { digest: needs.has('digest'), group: needs.has('group'), without, ...cells?.wish };
      for await (const batch of subject.scan(wish)) {
        for (const { sample, cohort } of batch) {
          const { number, digest, group } = sample;
          const seen: LeakSample = { number, digest, group, cells: cells?.cells(sample) };
          for (const [i, { check }] of checks.entries()) {
            for (const mark of check.marks(seen, known)) finders[i]?.add(mark, first + cohort, number);
          }
        }
        items += batch.length;
        repo.progress({ phase: 'looking', bytes: 0, items, unit: 'sample' });
      }
      first += subject.cohorts.length;
    }
    const leaks = withoutRepeats(
      finders.flatMap((finder) => finder.find()),
      checks,
    );
    return {
      leaks,
      unlisted: finders.reduce((sum, finder) => sum + finder.unlisted, 0),
      inVain: checks
        .filter((_, i) => finders[i]?.count === 0)
        .map(({ check: { name } }) => ({ name, why: 'no sample has anything that counts' })),
      unseen: leftOut.unseen,
    };
  } finally {
    for (const finder of finders) finder.close();
  }
}

/** What one check finds all of which another found as well is told once. */
function withoutRepeats(leaks: readonly Leak[], checks: readonly UsableCheck[]): Leak[] {
  const samples = new Map(leaks.map((leak) => [keyOf(leak.check, leak), leak]));
  return leaks.filter((leak) => {
    const wider = checks.find(({ check }) => check.name === leak.check)?.check.includes;
    const other = wider && samples.get(keyOf(wider, leak));
    return !other || other.samplesOfA !== leak.samplesOfA || other.samplesOfB !== leak.samplesOfB;
  });
}

function keyOf(check: string, { a, b }: Leak): string {
  return `${check} ${a} ${b}`;
}
