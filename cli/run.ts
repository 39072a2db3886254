import { availableParallelism } from 'node:os';
import { DvsError, systemCode } from '../src/base/errors.js';
import type { Repository, Surroundings } from '../src/flows/repository.js';
import { confirm } from './confirm.js';
import type { Place, Work } from './dvs.js';
import { findCacheOptions, makeClock, whoAmI } from './environment.js';
import { reportError } from './exit.js';
import { leaveOnSignals } from './interrupt.js';
import { jsonLines, jsonText } from './json.js';
import { Kept } from './kept.js';
import type { GlobalOptions } from './options.js';
import { formatLines, writeBytes, writeText } from './output.js';
import { ProgressLine } from './progress.js';
import type { Plain, Raw, Report } from './report.js';

/** More threads than this cost memory and gain nothing; `-j` may still ask for them. */
const MOST_DEFAULT_JOBS = 16;

/** Does the work of a command, renders its report, and says with which status to exit. */
export async function runReport(options: GlobalOptions, work: Work): Promise<number> {
  if (options.C !== undefined) enter(options.C);
  const { quiet = false } = options;
  const json = options.json === true || options.jsonl === true;
  const progress = json || quiet ? undefined : new ProgressLine(process.stderr);
  const asks = progress !== undefined && process.stdin.isTTY && process.stderr.isTTY;
  const ask = (question: string): Promise<boolean> => {
    progress?.clear();
    return confirm(question, process.stdin, process.stderr);
  };
  const kept = new Kept();
  const surroundings: Surroundings = {
    who: whoAmI(),
    clock: makeClock(),
    cache: findCacheOptions(),
    environment: process.env,
    workers: options.jobs ?? Math.min(availableParallelism(), MOST_DEFAULT_JOBS),
    // Counting first takes a moment; it is worth it when somebody watches the bar.
    ...(asks ? { confirm: ask } : {}),
    measure: progress !== undefined && process.stderr.isTTY,
    progress: kept.following(progress?.report),
  };
  let repository: Repository | undefined;
  leaveOnSignals({
    kept: () => kept.describe(repository?.store.written),
    report: (error) => reportError(error, { json, debug: false }),
    clear: () => progress?.clear(),
    scratch: () => (repository === undefined ? [] : foldersUnderWay(repository)),
  });
  const place: Place = {
    cwd: process.cwd(),
    surroundings,
    json,
    quiet,
    async repository() {
      if (repository !== undefined) return repository;
      const { Repository } = await import('../src/flows/repository.js');
      repository = await Repository.open(process.cwd(), surroundings);
      return repository;
    },
  };
  try {
    const report = await work(place);
    progress?.clear();
    await print(report, options);
    return report.status ?? 0;
  } catch (error) {
    await repository?.store.assertHere(); // an unplugged disk explains whatever went wrong
    throw error;
  } finally {
    progress?.clear();
    await repository?.close();
  }
}

function foldersUnderWay({ workspace }: Repository): string[] {
  return [...new Set([workspace.tmpDir, workspace.spoolDir])];
}

async function print(
  report: Report | Plain | Raw,
  { json, jsonl, quiet, color }: GlobalOptions,
): Promise<void> {
  const { stdout } = process;
  if ('bytes' in report) return writeBytes(stdout, report.bytes);
  if (jsonl === true) return writeText(stdout, jsonLines(report.lines?.() ?? (await report.view())));
  if (json === true) return writeText(stdout, jsonText(await report.view()));
  if ('plain' in report) return writeText(stdout, report.plain());
  const { NO_COLOR } = process.env;
  const colored = color !== false && stdout.isTTY && !NO_COLOR;
  await writeText(stdout, formatLines(quiet === true ? report.brief() : report.text(), colored));
}

function enter(folder: string): void {
  try {
    process.chdir(folder);
  } catch (cause) {
    throw new DvsError('E_NOT_FOUND', `cannot go to the folder ${folder} (${systemCode(cause)})`, { cause });
  }
}
