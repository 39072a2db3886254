import type { RecordedSamples } from '../flows/samples.js';
import { type MadeView, madeView } from './made.js';
import { type ValueView, valueView } from './value.js';

export interface SamplesView extends MadeView {
  readonly dataset: string;
  readonly reader: { readonly name: string; readonly version: number; readonly options: ValueView };
  readonly count: number;
  /** Why that reader was chosen; null when it was asked for. */
  readonly why: string | null;
}

export function samplesView(recorded: RecordedSamples): SamplesView {
  const { samples, why } = recorded;
  const { dataset, reader, count } = samples;
  const { name, version, options } = reader;
  return {
    ...madeView(recorded),
    dataset: dataset.toString(),
    reader: { name, version, options: valueView(options) },
    count,
    why: why ?? null,
  };
}
