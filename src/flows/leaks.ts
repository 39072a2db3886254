import { utf8 } from '../base/bytes.js';
import { DvsError } from '../base/errors.js';
import type { CID } from '../id/cid.js';
import { chooseChecks } from '../ops/leaks/checks.js';
import { type Cohort, type Leak, LeakFinder, type LeakPair } from '../ops/leaks/find.js';
import type { LeakCheck, LeakNeed, LeakSample, LeakSubject } from '../ops/leaks/sample.js';
import { cellPlan } from '../ops/samples/cells.js';
import { parseDefinition } from '../ops/samples/definition.js';
import { assertAlike, assertColumns } from './leaks/comparable.js';
import { openSubject, type Subject } from './leaks/subject.js';
import type { Repository } from './repository.js';
import { Making } from './samples/making.js';

/** What to look at for leaks. */
export interface LeaksOptions {
  /** A split; or a part of one, samples: then `against` says what to hold them against. */
  readonly reference: string;
  /** Splits, parts, samples or datasets: what is in one of them as well leaks. */
  readonly against?: readonly string[];
  /** Columns of rows that do not count. The column of the key never does. */
  readonly ignore?: readonly string[];
  /** Names of checks; by default all that have something to look at. */
  readonly checks?: readonly string[];
  /** Look, and record nothing. */
  readonly dryRun?: boolean;
  readonly message?: string | undefined;
}

/** A sample in a report. */
export interface LeakedSample {
  readonly number: number;
  readonly path: string;
  readonly key: string;
}

/** What two parts have in common by one check. */
export interface FoundLeak {
  readonly check: string;
  /** What they have in common, for people. */
  readonly what: string;
  readonly a: string;
  readonly b: string;
  /** How many different things: contents, rows, groups. */
  readonly things: number;
  readonly samplesOfA: number;
  readonly samplesOfB: number;
  readonly examples: readonly { readonly a: LeakedSample; readonly b: LeakedSample }[];
}

/** What a look for leaks found, and where that is recorded. */
export interface LeaksReport {
  readonly id: CID;
  /** The content that the report was stored as; undefined with a dry run. */
  readonly report: CID | undefined;
  /** Parts that were held against one another. */
  readonly parts: readonly string[];
  readonly checks: readonly { readonly name: string; readonly what: string }[];
  /** Checks that had nothing to look at, and why. */
  readonly skipped: readonly { readonly name: string; readonly why: string }[];
  /** Columns that did not count. */
  readonly ignored: readonly string[];
  readonly leaks: readonly FoundLeak[];
}

/** Pairs of parts in a report: k-fold has many. */
const MOST_LEAKS = 1000;
/** Of a report in the store. */
const MOST_BYTES = 200 * 1024;

/**
 * Finds what is in two parts of a split: the same content, the same text but for case and spaces, the same group; and the same
 * between it and other splits or datasets. What was found is recorded: a run with the report as its output.
 */
export async function findLeaks(
  repo: Repository,
  { reference, against = [], ignore = [], checks = [], dryRun = false, message }: LeaksOptions,
): Promise<LeaksReport> {
  const own = await openSubject(repo, reference);
  const others: Subject[] = [];
  for (const other of against) others.push(await openSubject(repo, other, own.opened));
  const cohorts = cohortsOf(own, others);
  if (cohorts.length < 2) {
    throw new DvsError('E_USAGE', `${reference} has one part, so there is nothing to hold it against`, {
      hint: 'Name a split with several parts, or something else: `--against <split or dataset>`.',
    });
  }
  const chosen = chooseChecks(checks);
  await assertColumns(own, ignore);
  const ignored = ignoredColumns(own, ignore);
  const { usable, skipped } = await chooseUsable(own, chosen, ignored);
  assertAlike(
    own,
    others,
    usable.flatMap(({ needs }) => needs),
  );
  const found = await look(repo, [own, ...others], cohorts, usable, ignored);
  const leaks: FoundLeak[] = [];
  for (const leak of found.slice(0, MOST_LEAKS))
    leaks.push(await describe(leak, cohorts, usable, [own, ...others]));
  const result = {
    id: own.id,
    parts: cohorts.map(({ name }) => name),
    checks: usable.map(({ check: { name, what } }) => ({ name, what })),
    skipped,
    ignored,
    leaks,
  };
  return { ...result, report: dryRun ? undefined : await record(repo, own, others, result, message) };
}

function cohortsOf(own: Subject, others: readonly Subject[]): Cohort[] {
  return [own, ...others].flatMap((subject) =>
    subject.cohorts.map((name) => ({ name, isOwn: subject === own })),
  );
}

/** A key tells samples apart, so it would hide that they are the same. */
function ignoredColumns({ opened }: Subject, ignore: readonly string[]): string[] {
  const { key } = parseDefinition(opened.samples.reader).fields;
  return [...new Set([...(key?.from === 'column' ? [key.name] : []), ...ignore])];
}

interface UsableCheck {
  readonly check: LeakCheck;
  readonly needs: readonly LeakNeed[];
}

async function chooseUsable(
  own: Subject,
  checks: readonly LeakCheck[],
  ignored: readonly string[],
): Promise<{ usable: UsableCheck[]; skipped: { name: string; why: string }[] }> {
  const subject = await subjectOf(own, ignored);
  const usable: UsableCheck[] = [];
  const skipped: { name: string; why: string }[] = [];
  for (const check of checks) {
    const applies = check.applies(subject);
    if ('needs' in applies) usable.push({ check, needs: applies.needs });
    else skipped.push({ name: check.name, why: applies.why });
  }
  if (usable.length > 0) return { usable, skipped };
  const [first] = skipped;
  throw new DvsError('E_USAGE', `${first?.name ?? 'no check'}: ${first?.why ?? 'there is none'}`, {
    hint: 'Choose another check, or leave `--check` out.',
  });
}

async function subjectOf(
  { opened }: Subject,
  ignored: readonly string[],
  columns?: readonly string[],
): Promise<LeakSubject> {
  const { reader } = opened.samples;
  const { fields } = parseDefinition(reader);
  const plan = await cellPlan(opened.set, reader.name, ignored, columns);
  return { hasGroups: fields.group !== undefined, hasCells: plan !== undefined, ignored };
}

/** Goes through all samples once, for all checks. */
async function look(
  repo: Repository,
  subjects: readonly Subject[],
  cohorts: readonly Cohort[],
  checks: readonly UsableCheck[],
  ignored: readonly string[],
): Promise<Leak[]> {
  const finders = checks.map(({ check }) => new LeakFinder(check.name, cohorts, repo.scratch));
  const needs = new Set(checks.flatMap(({ needs }) => needs));
  const columns = await subjects[0]?.opened.set.columns();
  let first = 0;
  let items = 0;
  try {
    for (const subject of subjects) {
      const { set, samples } = subject.opened;
      const known = await subjectOf(subject, ignored, columns);
      const cells = needs.has('cells')
        ? await cellPlan(set, samples.reader.name, ignored, columns)
        : undefined;
      const wish = { digest: needs.has('digest'), group: needs.has('group'), ...cells?.wish };
      for await (const batch of subject.scan(wish)) {
        for (const { sample, cohort } of batch) {
          const { number, digest, group } = sample;
          const seen: LeakSample = { number, digest, group, cells: cells?.cells(sample) };
          for (const [i, { check }] of checks.entries()) {
            for (const mark of check.marks(seen, known)) finders[i]?.add(mark, first + cohort, number);
          }
        }
        items += batch.length;
        repo.progress({ phase: 'looking', bytes: 0, items });
      }
      first += subject.cohorts.length;
    }
    return finders.flatMap((finder) => finder.find());
  } finally {
    for (const finder of finders) finder.close();
  }
}

async function describe(
  { check, a, b, things, samplesOfA, samplesOfB, examples }: Leak,
  cohorts: readonly Cohort[],
  checks: readonly UsableCheck[],
  subjects: readonly Subject[],
): Promise<FoundLeak> {
  const [from, to] = [subjectAt(subjects, a), subjectAt(subjects, b)];
  const described: { a: LeakedSample; b: LeakedSample }[] = [];
  for (const pair of examples) described.push(await describePair(pair, from, to));
  return {
    check,
    what: checks.find((usable) => usable.check.name === check)?.check.what ?? check,
    a: cohorts[a]?.name ?? '',
    b: cohorts[b]?.name ?? '',
    things,
    samplesOfA,
    samplesOfB,
    examples: described,
  };
}

function subjectAt(subjects: readonly Subject[], cohort: number): Subject | undefined {
  let first = 0;
  return subjects.find(({ cohorts }) => {
    first += cohorts.length;
    return cohort < first;
  });
}

async function describePair(
  { a, b }: LeakPair,
  from: Subject | undefined,
  to: Subject | undefined,
): Promise<{ a: LeakedSample; b: LeakedSample }> {
  return { a: await leaked(from, a), b: await leaked(to, b) };
}

async function leaked(subject: Subject | undefined, number: number): Promise<LeakedSample> {
  const located = await subject?.opened.set.locate(number);
  return { number, path: located?.path ?? '', key: located?.key ?? '' };
}

/** Stores the report, and the run that made it. */
async function record(
  repo: Repository,
  own: Subject,
  others: readonly Subject[],
  result: Omit<LeaksReport, 'report'>,
  message: string | undefined,
): Promise<CID> {
  const making = await Making.begin(repo, { message });
  try {
    const report = await making.writer.addContent(reportBytes(result, others));
    const inputs = {
      split: own.id,
      ...Object.fromEntries(others.map(({ id }, i) => [`against-${i + 1}`, id])),
    };
    await making.addRun('leaks', inputs, { report });
    await making.commit(report);
    return report;
  } finally {
    await making.close();
  }
}

/** JSON, with as many examples as fit. */
function reportBytes(result: Omit<LeaksReport, 'report'>, others: readonly Subject[]): Uint8Array {
  for (let most = 20; ; most = Math.floor(most / 2)) {
    const leaks = result.leaks.map((leak) => ({ ...leak, examples: leak.examples.slice(0, most) }));
    const against = others.map(({ id }) => id.toString());
    const bytes = utf8(
      `${JSON.stringify({ report: 'leaks', version: 1, ...result, id: result.id.toString(), against, leaks }, null, 1)}\n`,
    );
    if (bytes.length <= MOST_BYTES || most === 0)
      return bytes.length <= MOST_BYTES ? bytes : utf8(short(result));
  }
}

function short({ id, leaks }: Omit<LeaksReport, 'report'>): string {
  const counts = leaks
    .slice(0, 100)
    .map(({ check, a, b, things, samplesOfA, samplesOfB }) => ({
      check,
      a,
      b,
      things,
      samplesOfA,
      samplesOfB,
    }));
  return `${JSON.stringify({ report: 'leaks', version: 1, id: id.toString(), leaks: counts }, null, 1)}\n`;
}
