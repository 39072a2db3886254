import { utf8 } from '../../base/bytes.js';
import { KiB } from '../../base/limits.js';
import type { CID } from '../../id/cid.js';
import type { Cohort, Leak, LeakPair } from '../../ops/leaks/find.js';
import type { Repository } from '../repository.js';
import { Making } from '../samples/making.js';
import type { UsableCheck } from './look.js';
import type { Subject } from './subject.js';

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
  /** How many more leaks there were, of more pairs of parts than are told of. */
  readonly unlisted: number;
}

/** Of a report in the store. */
const MOST_BYTES = 200 * KiB;

/** A leak as a report has it, with its examples looked up. */
export async function describe(
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
export async function record(
  repo: Repository,
  own: Subject,
  others: readonly Subject[],
  result: Omit<LeaksReport, 'report'>,
  message: string | undefined,
): Promise<CID> {
  const making = await Making.begin(repo, 'content', { message });
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
  for (let most = 1000; ; most = Math.floor(most / 2)) {
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
  const counts = leaks.slice(0, 100).map(({ examples: _, what: __, ...counts }) => counts);
  return `${JSON.stringify({ report: 'leaks', version: 1, id: id.toString(), leaks: counts }, null, 1)}\n`;
}
