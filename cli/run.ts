import { tmpdir } from 'node:os';
import { DvsError, systemCode } from '../src/base/errors.js';
import type { Repository, Surroundings } from '../src/flows/repository.js';
import { type Config, makeConfig } from '../src/workspace/settings/config.js';
import { type ConfigSources, readConfig } from '../src/workspace/settings/read.js';
import { confirm } from './confirm.js';
import { COMMAND_LINE } from './definition.js';
import type { Place, RunOptions, Work } from './dvs.js';
import { makeClock } from './environment.js';
import { escapeText } from './escape.js';
import { reportError } from './exit.js';
import { leaveOnSignals } from './interrupt.js';
import { jsonLines, jsonText } from './json.js';
import { Kept } from './kept.js';
import type { GlobalOptions } from './options.js';
import { formatLines, writeBytes, writeText } from './output.js';
import type { Pager } from './pager.js';
import { chosenPager, USUAL_PAGER } from './pager-choice.js';
import { ProgressLine } from './progress.js';
import type { Plain, Raw, Report, Texts } from './report.js';
import { type Chosen, chosenOf, configSources, warnOfSettings } from './settings.js';

/** Does the work of a command, renders its report, and says with which status to exit. */
export async function runReport(
  options: GlobalOptions,
  work: Work,
  { anySettings = false }: RunOptions = {},
): Promise<number> {
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
  const cwd = currentFolder();
  const sources = await configSources(cwd, options);
  const { config, color, pager, ...chosen } = await settle(sources, anySettings);
  const surroundings: Surroundings = {
    ...chosen,
    clock: makeClock(),
    environment: process.env,
    temporary: tmpdir(),
    // Counting first takes a moment; it is worth it when somebody watches the bar.
    ...(asks ? { confirm: ask } : {}),
    measure: progress !== undefined && process.stderr.isTTY,
    progress: kept.following(progress?.report),
  };
  if (progress !== undefined && !anySettings) {
    warnOfSettings(config(), (line) => process.stderr.write(`${escapeText(line)}\n`));
  }
  let repository: Repository | undefined;
  let paging: Pager | undefined;
  leaveOnSignals({
    kept: () => kept.describe(repository?.store.written),
    report: (error) => reportError(error, { json, debug: false }),
    clear: () => progress?.clear(),
    settle: () => paging?.finish(),
    scratch: () => (repository === undefined ? [] : foldersUnderWay(repository)),
  });
  const place: Place = {
    cwd,
    surroundings,
    commandLine: COMMAND_LINE,
    config,
    sources,
    json,
    quiet,
    async repository() {
      if (repository !== undefined) return repository;
      const { Repository } = await import('../src/flows/repository.js');
      repository = await Repository.open(cwd, surroundings, sources.workspace);
      return repository;
    },
  };
  try {
    const report = await work(place);
    progress?.clear();
    await print(report, options, {
      color,
      pager,
      beforeText: () => progress?.clear(),
      onPager(started) {
        progress?.end();
        paging = started;
      },
    });
    return report.status ?? 0;
  } catch (error) {
    await repository?.store.assertHere(); // an unplugged disk explains whatever went wrong
    throw error;
  } finally {
    progress?.clear();
    await repository?.close();
  }
}

function foldersUnderWay({ workspace, temporary = workspace.tmpDir }: Repository): string[] {
  return [...new Set([workspace.tmpDir, workspace.spoolDir, temporary])];
}

interface Printing {
  readonly color: boolean;
  /** As the settings have it. */
  readonly pager: string | undefined;
  /** Called before each piece of text. */
  beforeText(): void;
  onPager(pager: Pager): void;
}

async function print(
  report: Report | Plain | Raw,
  options: GlobalOptions,
  printing: Printing,
): Promise<void> {
  const { stdout, env } = process;
  if ('bytes' in report) return writeBytes(stdout, report.bytes);
  const { beforeText, onPager } = printing;
  const texts = await textsOf(report, options, printing.color);
  const isPaged = 'pages' in report && options.pager !== false && options.jsonl !== true && stdout.isTTY;
  const pager = isPaged && report.pages === true ? chosenPager(env, printing.pager) : undefined;
  if (pager === undefined) return writeText(stdout, texts, beforeText);
  const { writePaged } = await import('./paged.js');
  await writePaged(texts, { stdout, pager, beforeText, onStart: onPager, onMissing });
}

async function textsOf(
  report: Report | Plain,
  { json, jsonl, quiet }: GlobalOptions,
  colored: boolean,
): Promise<Texts> {
  const { stdout } = process;
  if (jsonl === true) return jsonLines(report.lines?.() ?? (await report.view()));
  if (json === true) return jsonText(await report.view());
  if ('plain' in report) return report.plain();
  const display = { columns: stdout.isTTY ? stdout.columns : undefined };
  const lines = quiet === true ? report.brief() : report.text(display);
  return formatLines(lines, colored);
}

/** Who chose a pager hears that it is missing; `less` is only a guess of ours. */
function onMissing(pager: string): void {
  if (pager === USUAL_PAGER) return;
  process.stderr.write(
    `dvs: ${escapeText(pager)} cannot be run, so this is not paged; set DVS_PAGER to another\n`,
  );
}

/** The settings; with `anySettings` the built-in ones in place of what cannot be used. */
async function settle(sources: ConfigSources, anySettings: boolean): Promise<Chosen & { config(): Config }> {
  const loading = readConfig(sources);
  try {
    const config = await loading;
    return { ...chosenOf(config), config: () => config };
  } catch (error) {
    if (!anySettings) throw error;
    const config = await loading.catch(() => undefined);
    return {
      ...chosenOf(makeConfig([])),
      config() {
        if (config === undefined) throw error;
        return config;
      },
    };
  }
}

function enter(folder: string): void {
  try {
    process.chdir(folder);
  } catch (cause) {
    throw new DvsError('E_NOT_FOUND', `cannot go to the folder ${folder} (${systemCode(cause)})`, {
      cause,
      hint: 'Check what follows -C.',
    });
  }
}

function currentFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw new DvsError('E_NOT_FOUND', 'the folder that you are in is gone', {
      cause,
      hint: 'Go to another one: `cd`.',
    });
  }
}
