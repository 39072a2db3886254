import { median } from './measure.js';

/** What one round measured: for each step, the value of each tool (or of what else a row compares). */
export type Sample = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What `dvs` is held against at one step, and the ratio that is still good enough. */
export interface Target {
  readonly step: string;
  /** The best peer of the same round, one column by name, or nothing: then `limit` is a value. */
  readonly against: 'best peer' | (string & {}) | undefined;
  readonly limit: number;
}

export interface Verdict {
  readonly target: Target;
  /** The median over rounds; nothing where what it is held against was not measured. */
  readonly ratio: number | undefined;
  readonly reached: boolean | undefined;
}

/** One line of the table: medians over rounds, and what they say about the targets. */
export interface Figure {
  readonly step: string;
  readonly unit: 's' | 'ms' | 'ns' | 'MiB' | '';
  readonly values: Readonly<Record<string, number>>;
  readonly verdicts: readonly Verdict[];
}

const OURS = 'dvs';

/** The figures of a row. `peers` are the columns that count as peers. */
export function judge(
  samples: readonly Sample[],
  targets: readonly Target[],
  peers: readonly string[] = [],
): Figure[] {
  const steps = Object.keys(samples[0] ?? {});
  return steps.map((step) => {
    const rounds = samples.map((sample) => sample[step] ?? {});
    const columns = Object.keys(rounds[0] ?? {});
    return {
      step,
      unit: unitOf(step),
      values: Object.fromEntries(
        columns.map((name) => [name, median(rounds.map((round) => round[name] ?? 0))]),
      ),
      verdicts: targets
        .filter((target) => target.step === step)
        .map((target) => verdict(rounds, target, peers)),
    };
  });
}

function unitOf(step: string): Figure['unit'] {
  if (step.startsWith('fsyncs')) return '';
  if (step.startsWith('one at: ')) return 'ns';
  if (/^(?:beyond the work|in all): /.test(step)) return 'ms';
  return step === 'stored' || step === 'peak memory' ? 'MiB' : 's';
}

/** Each round has its own ratio, so that a slow moment of the machine is on both sides of it. */
function verdict(rounds: readonly Sample[string][], target: Target, peers: readonly string[]): Verdict {
  const ratios = rounds.flatMap((round) => {
    const other = target.against === undefined ? 1 : held(round, target.against, peers);
    const ours = round[OURS];
    return other === undefined || ours === undefined ? [] : [ours / other];
  });
  if (ratios.length === 0) return { target, ratio: undefined, reached: undefined };
  const ratio = median(ratios);
  return { target, ratio, reached: ratio <= target.limit };
}

function held(round: Sample[string], against: string, peers: readonly string[]): number | undefined {
  if (against !== 'best peer') return round[against];
  const values = peers.flatMap((name) => round[name] ?? []);
  return values.length === 0 ? undefined : Math.min(...values);
}
