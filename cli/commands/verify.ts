import type { Command } from 'commander';
import { DvsError } from '../../src/base/errors.js';
import { verify } from '../../src/flows/verify.js';
import type { Problem, VerifyReport } from '../../src/index.js';
import { countProblems } from '../../src/ops/verify/report.js';
import { verifyLines, verifyView } from '../../src/wire/verify.js';
import type { Dvs } from '../dvs.js';
import { STATUS } from '../exit.js';
import { count, formatBytes, thousands } from '../format.js';
import { addExamples } from '../options.js';
import { type Line, type Style, styled } from '../report.js';

interface Options {
  readonly all?: boolean;
}

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [
    ['dvs verify', 'the whole store; exit code 4 when anything is damaged or missing'],
    ['dvs verify mnist:v1', 'all that one version consists of'],
  ])
    .argument('[ref]', 'only what this leads to')
    .option('--all', 'the whole store (as without a reference)')
    .action((reference: string | undefined, { all = false }: Options) =>
      run(async ({ repository }) => {
        if (all && reference !== undefined) {
          throw new DvsError('E_USAGE', 'give a reference or --all, not both');
        }
        const report = await verify(await repository(), reference);
        return {
          view: () => verifyView(report),
          lines: () => verifyLines(report),
          brief: () => [],
          text: () => lines(report),
          status: countProblems(report) > 0 ? STATUS.damaged : STATUS.done,
        };
      }),
    );
}

function* lines(report: VerifyReport): Generator<Line> {
  const { objects, bytes, recomputed, damaged, missing } = report;
  for (const problem of damaged) yield* problemLines('damaged', 'red', problem);
  for (const problem of missing) yield* problemLines('missing', 'yellow', problem);
  const read = `${count(objects, 'object')}, ${formatBytes(bytes)}`;
  if (countProblems(report) === 0) {
    yield ['Read and hashed ', read, ': ', styled('green', 'all intact'), '.'];
    if (recomputed > 0)
      yield `Computed ${thousands(recomputed)} samples, splits and orders again: all the same.`;
    return;
  }
  const unlisted = damaged.unlisted + missing.unlisted;
  if (unlisted > 0)
    yield `${count(unlisted, 'more problem')} could not be listed: no temporary file can be written.`;
  const [broken, lost] = [damaged, missing].map(({ length, unlisted }) => length + unlisted);
  yield `Read and hashed ${read}: ${broken} damaged, ${lost} missing.`;
}

function* problemLines(label: string, style: Style, { path, pack, id, why }: Problem): Generator<Line> {
  yield [styled(style, label), '  ', styled('bold', path)];
  yield `  ${why}`;
  if (pack !== undefined) yield `  in packs/${pack}`;
  if (id !== undefined && !why.includes(id)) yield `  ${id}`;
}
