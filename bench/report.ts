import { cpus, totalmem } from 'node:os';
import type { Figure, Verdict } from './figure.js';
import type { Row, Skipped } from './rows/row.js';
import type { Tool } from './tools/tool.js';

/** All that one run of the bench found out; this is `docs/benchmarks.json`. */
export interface Report {
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGiB: number;
    readonly node: string;
  };
  readonly tools: readonly {
    readonly name: string;
    readonly version: string;
    readonly keeps: string;
    readonly note: string;
  }[];
  readonly rows: readonly RowReport[];
}

export interface RowReport {
  readonly name: string;
  readonly what: string;
  readonly date: string;
  readonly rounds: number;
  readonly scale: number;
  readonly result: readonly Figure[] | Skipped;
}

/** A row and what it measured. */
export type Result = readonly [Row, readonly Figure[] | Skipped];

export function makeReport(
  options: { readonly rounds: number; readonly scale: number; readonly tools: readonly Tool[] },
  results: readonly Result[],
): Report {
  const all = cpus();
  const { rounds, scale } = options;
  const date = new Date().toISOString().slice(0, 10);
  return {
    machine: {
      cpu: all[0]?.model ?? 'unknown',
      cores: all.length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      node: process.versions.node,
    },
    tools: options.tools.map(({ name, keeps, note, version }) => ({
      name,
      version: version() ?? '',
      keeps,
      note,
    })),
    rows: results.map(([{ name, what }, result]) => ({ name, what, date, rounds, scale, result })),
  };
}

/** The report as Markdown: a table for each row, and which figures were reached. */
export function markdown(report: Report): string {
  const { machine } = report;
  const tools = report.tools.map(
    ({ name, version, keeps, note }) => `- ${name} ${version} keeps ${keeps}: ${note}`,
  );
  return [
    `${machine.cores} cores (${machine.cpu}), ${machine.memoryGiB} GiB, Node ${machine.node}.`,
    tools.join('\n'),
    ...report.rows.map((row) => `### ${row.name}\n\n${row.what}\n\n${body(row)}`),
    summary(report),
  ].join('\n\n');
}

function body({ result, rounds, scale, date }: RowReport): string {
  if ('skipped' in result) return `Not measured: ${result.skipped}`;
  const columns = [...new Set(result.flatMap(({ values }) => Object.keys(values)))];
  const head = ['', ...columns, 'dvs against'];
  const lines = result.map(({ step, unit, values, verdicts }) => [
    unit === '' ? step : `${step}, ${unit}`,
    ...columns.map((name) => shown(values[name], unit)),
    verdicts.map(sentence).join('; '),
  ]);
  const rule = head.map((_, i) => (i === 0 || i === head.length - 1 ? '---' : '--:'));
  const size = scale === 1 ? '' : `, at ${scale} of the full size, where ratios mean little`;
  const table = [head, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  return `${table}\n\nRounds: ${rounds}, ${date}${size}.`;
}

function shown(value: number | undefined, unit: Figure['unit']): string {
  if (value === undefined) return '';
  return value.toFixed(unit === 's' ? 2 : 0);
}

function sentence({ target: { against, limit }, ratio, reached }: Verdict): string {
  const other = against ?? 'alone';
  if (ratio === undefined) return `${other}: not measured`;
  const digits = against === undefined ? 0 : 2;
  return `${other}: ${ratio.toFixed(digits)} ≤ ${Number(limit.toFixed(2))} ${reached ? 'yes' : '**no**'}`;
}

/** How many figures were reached, and which were not. */
export function summary({ rows }: Report): string {
  const judged = rows.flatMap(({ name, result }) =>
    'skipped' in result
      ? []
      : result.flatMap(({ step, verdicts }) => verdicts.map((verdict) => ({ name, step, verdict }))),
  );
  const missed = judged.filter(({ verdict }) => verdict.reached === false);
  const open = judged.filter(({ verdict }) => verdict.reached === undefined);
  const line = ({ name, step, verdict }: (typeof judged)[number]): string =>
    `- ${name}, ${step}: ${sentence(verdict)}`;
  const reached = judged.length - missed.length - open.length;
  return [
    `${reached} of ${judged.length} figures reached.`,
    ...(missed.length > 0 ? [`Not reached:\n\n${missed.map(line).join('\n')}`] : []),
    ...(open.length > 0 ? [`Not measured:\n\n${open.map(line).join('\n')}`] : []),
  ].join('\n\n');
}
