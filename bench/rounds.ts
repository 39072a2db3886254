import type { Sample } from './figure.js';
import type { RowOptions } from './rows/row.js';
import type { Tool } from './tools/tool.js';

/** What was measured of one tool in one round, by step. */
export type Turn = Readonly<Record<string, number>>;

/** Lets every tool take its turn in every round. */
export async function inRounds(
  { rounds, report }: RowOptions,
  tools: readonly Tool[],
  takeTurn: (tool: Tool) => Promise<Turn>,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (let i = 0; i < rounds; i++) {
    const turns = new Map<string, Turn>();
    for (const tool of turned(tools, i)) {
      const turn = await takeTurn(tool);
      turns.set(tool.name, turn);
      const shown = Object.entries(turn).map(([step, value]) => `${step} ${value.toFixed(2)}`);
      report(`round ${i + 1}, ${tool.name}: ${shown.join(', ')}`);
    }
    samples.push(byStep(tools.map(({ name }) => [name, turns.get(name) ?? {}])));
  }
  return samples;
}

/** Whoever goes first finds the machine in another state, so the first place goes round. */
function turned<T>(items: readonly T[], by: number): T[] {
  const first = by % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}

function byStep(turns: readonly (readonly [string, Turn])[]): Sample {
  const sample: Record<string, Record<string, number>> = {};
  for (const [name, turn] of turns) {
    for (const [step, value] of Object.entries(turn)) sample[step] = { ...sample[step], [name]: value };
  }
  return sample;
}
