import { DvsError } from '../base/errors.js';
import { chooseChecks } from '../ops/leaks/checks.js';
import type { Cohort } from '../ops/leaks/find.js';
import { parseDefinition } from '../ops/samples/definition.js';
import { assertAlike, assertColumns, assertSeen, withoutGroups } from './leaks/comparable.js';
import { chooseUsable, hasCells, look, nothingToLookAt } from './leaks/look.js';
import { describe, type FoundLeak, type LeakedSample, type LeaksReport, record } from './leaks/report.js';
import { openSubject, type Subject } from './leaks/subject.js';
import type { Repository } from './repository.js';

export type { FoundLeak, LeakedSample, LeaksReport };

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

/** Pairs of parts in a report: k-fold has many. */
const MOST_LEAKS = 1000;

/**
 * Finds what is in two parts of a split: the same content, the same text but for case and spaces, the same group; and the same
 * between it and other splits or datasets. What was found is recorded: a run with the report as its output.
 */
export async function findLeaks(
  repo: Repository,
  { reference, against = [], ignore = [], checks = [], dryRun = false, message }: LeaksOptions,
): Promise<LeaksReport> {
  const chosen = chooseChecks(checks);
  const own = await openSubject(repo, reference);
  const ignored = ignoredColumns(own, ignore);
  const { usable: fitting, skipped } = await chooseUsable(own, chosen, ignored);
  const needs = new Set(fitting.flatMap((check) => check.needs));
  const others: Subject[] = [];
  for (const other of against)
    others.push(await openSubject(repo, other, { own: own.opened, withGroups: needs.has('group') }));
  const cohorts = cohortsOf(own, others);
  assertCohorts(cohorts, reference);
  await assertColumns([own, ...others], ignore);
  const looksAtContent = needs.has('digest') || needs.has('cells');
  if (looksAtContent) await assertAlike(own, others, { ignored, byCells: await hasCells(own, ignored) });
  const groupless = needs.has('group') ? withoutGroups(others) : [];
  skipped.push(...groupless);
  const isGroupAlone = own.cohorts.length === 1 && groupless.length === others.length;
  const usable = fitting.filter(({ needs }) => !(isGroupAlone && needs.includes('group')));
  if (usable.length === 0) throw nothingToLookAt(skipped);
  const found = await look(repo, [own, ...others], cohorts, usable, ignored);
  if (looksAtContent) assertSeen(ignore, found.unseen);
  const looked = usable.filter(({ check }) => !found.inVain.some(({ name }) => name === check.name));
  if (looked.length === 0) throw nothingToLookAt(found.inVain);
  const leaks: FoundLeak[] = [];
  for (const leak of found.leaks.slice(0, MOST_LEAKS))
    leaks.push(await describe(leak, cohorts, looked, [own, ...others]));
  const result = {
    id: own.id,
    parts: cohorts.map(({ name }) => name),
    checks: looked.map(({ check: { name, what } }) => ({ name, what })),
    skipped: [...skipped, ...found.inVain],
    ignored,
    leaks,
    unlisted: found.unlisted + Math.max(0, found.leaks.length - MOST_LEAKS),
  };
  return { ...result, report: dryRun ? undefined : await record(repo, own, others, result, message) };
}

function cohortsOf(own: Subject, others: readonly Subject[]): Cohort[] {
  return [own, ...others].flatMap((subject) =>
    subject.cohorts.map((name) => ({ name, isOwn: subject === own })),
  );
}

/** Refuses (E_USAGE) one part alone, and one twice: all of it would leak into itself. */
function assertCohorts(cohorts: readonly Cohort[], reference: string): void {
  const names = cohorts.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) {
    throw new DvsError('E_USAGE', `${twice} would be held against itself`, {
      about: [twice],
      hint: 'Name each part and each dataset once.',
    });
  }
  if (cohorts.length >= 2) return;
  throw new DvsError('E_USAGE', `${reference} has one part, so there is nothing to hold it against`, {
    hint: 'Name a split with several parts, or something else: `--against <split or dataset>`.',
  });
}

/** A key tells samples apart, so it would hide that they are the same. */
function ignoredColumns({ opened }: Subject, ignore: readonly string[]): string[] {
  const { key } = parseDefinition(opened.samples.reader).fields;
  return [...new Set([...(key?.from === 'column' ? [key.name] : []), ...ignore])];
}
