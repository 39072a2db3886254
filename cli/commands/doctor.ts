import type { Command } from 'commander';
import { type Diagnosis, doctor } from '../../src/flows/doctor.js';
import { diagnosisView } from '../../src/wire/doctor.js';
import type { Dvs } from '../dvs.js';
import { STATUS } from '../exit.js';
import { count } from '../format.js';
import { addExamples } from '../options.js';
import { type Line, type Style, styled } from '../report.js';

type Finding = Diagnosis['findings'][number];

const STYLES: Readonly<Record<Finding['health'], Style>> = { ok: 'green', note: 'yellow', problem: 'red' };
const HEALTH_WIDTH = 'problem'.length;

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [
    ['dvs doctor', 'look at store, disk, clock, permissions and versions'],
    ['dvs doctor -q', 'only what is wrong'],
    ['dvs doctor --json', 'to attach to a question or a report'],
  ]).action(() =>
    run(
      async ({ cwd, surroundings, sources }) => {
        const diagnosis = await doctor({ cwd, clock: surroundings.clock, sources });
        const bad = diagnosis.findings.filter(({ health }) => health === 'problem');
        return {
          view: () => diagnosisView(diagnosis),
          brief: () => bad.flatMap((finding) => [...lines(finding, '')]),
          text: () => allLines(diagnosis),
          status: bad.length > 0 ? STATUS.no : STATUS.done,
        };
      },
      { anySettings: true },
    ),
  );
}

function* allLines({ findings, counts }: Diagnosis): Generator<Line> {
  const width = Math.max(...findings.map(({ check }) => check.length));
  let last = '';
  for (const finding of findings) {
    yield* lines(finding, (finding.check === last ? '' : finding.check).padEnd(width));
    last = finding.check;
  }
  yield '';
  if (counts.problem > 0)
    yield styled('red', `${count(counts.problem, 'problem')}: do what is said beneath.`);
  else yield counts.note > 0 ? `No problems; ${count(counts.note, 'note')}.` : 'All is well.';
}

function* lines({ health, what, advice }: Finding, check: string): Generator<Line> {
  const start = check === '' ? [] : [`${check}  `];
  yield [...start, styled(STYLES[health], health.padEnd(HEALTH_WIDTH)), `  ${what}`];
  if (advice !== undefined)
    yield [' '.repeat((check === '' ? 0 : check.length + 2) + HEALTH_WIDTH + 2), styled('dim', advice)];
}
