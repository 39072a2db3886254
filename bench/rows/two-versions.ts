import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Corpus, Step } from '../corpora/corpus.js';
import { Versions } from '../exchange.js';
import { type Figure, judge, type Sample } from '../figure.js';
import { bytesIn, sameFiles } from '../files.js';
import { type Command, type Measured, measure } from '../measure.js';
import { inScratch } from '../scratch.js';
import type { Place, Tool } from '../tools/tool.js';
import { peersAmong } from '../tools.js';
import { warm } from '../warm.js';
import type { Row, RowOptions } from './row.js';

const MIB = 2 ** 20;
/** What a tool may take for itself, beside what it writes, at full size. */
const OWN_MEMORY = 512 * MIB;
const STEPS: readonly Step[] = ['add v1', 'add again', 'add v2', 'stored', 'checkout v2', 'peak memory'];

type Turn = Partial<Record<Step, number>>;

/** Every tool takes in both versions of a corpus and brings the second one back. */
export function twoVersions(corpus: Corpus): Row {
  return {
    name: corpus.name,
    what: corpus.what,
    run: (options) => inScratch((root) => runIn(root, corpus, options)),
  };
}

async function runIn(root: string, corpus: Corpus, options: RowOptions): Promise<Figure[]> {
  const [data, changed] = [join(root, 'data'), join(root, 'changed')];
  for (const folder of [data, changed]) mkdirSync(folder);
  corpus.make(data, changed, options.scale);
  const dirties = bytesIn(data) + bytesIn(changed) + OWN_MEMORY * options.scale;
  const both = { data, versions: new Versions(changed), dirties };
  const samples: Sample[] = [];
  for (let i = 0; i < options.rounds; i++) {
    const turns: [string, Turn][] = [];
    // Whoever goes first finds the machine in another state, so the first place goes round.
    const order = [...options.tools, ...options.tools]
      .slice(i % options.tools.length)
      .slice(0, options.tools.length);
    for (const tool of order) {
      const turn = await takeTurn(tool, join(root, 'turn'), both);
      turns.push([tool.name, turn]);
      const shown = Object.entries(turn).map(([step, value]) => `${step} ${value.toFixed(2)}`);
      options.report(`round ${i + 1}, ${tool.name}: ${shown.join(', ')}`);
    }
    samples.push(sampleOf(turns, options.tools));
  }
  return judge(samples, corpus.targets, peersAmong(options.tools));
}

function sampleOf(turns: readonly [string, Turn][], tools: readonly Tool[]): Sample {
  const turnOf = new Map(turns);
  return Object.fromEntries(
    STEPS.map((step) => {
      const values = tools.flatMap(({ name }) => {
        const value = turnOf.get(name)?.[step];
        return value === undefined ? [] : [[name, value] as const];
      });
      return [step, Object.fromEntries(values)];
    }),
  );
}

interface Both {
  /** Where the first version lies between turns. */
  readonly data: string;
  readonly versions: Versions;
  /** How much memory a step may write to. */
  readonly dirties: number;
}

async function takeTurn(tool: Tool, root: string, { data, versions, dirties }: Both): Promise<Turn> {
  const place = makePlace(root);
  const own = join(place.work, 'data');
  const steps: readonly Step[] = tool.steps ?? STEPS;
  const peaks: number[] = [];
  const turn: Turn = {};
  const step = async (name: Step, command: Command): Promise<void> => {
    if (!steps.includes(name)) return;
    warm(root, dirties);
    const measured: Measured = await measure(command);
    turn[name] = measured.seconds;
    peaks.push(measured.peakMiB);
  };
  renameSync(data, own);
  for (const command of tool.init(place)) await measure(command);
  await step('add v1', tool.add(place, 1));
  await step('add again', tool.add(place, 2));
  versions.exchange(own);
  await step('add v2', tool.add(place, 3));
  if (steps.includes('stored')) turn.stored = bytesIn(tool.stored(place)) / MIB;
  await step('checkout v2', tool.checkout(place, 3));
  if (steps.includes('peak memory')) turn['peak memory'] = Math.max(...peaks);
  if (!sameFiles(own, join(place.restored, 'data')))
    throw new Error(`${tool.name} did not restore what it was given`);
  versions.exchange(own);
  renameSync(own, data);
  rmSync(root, { recursive: true });
  return turn;
}

function makePlace(root: string): Place {
  const place = {
    work: join(root, 'work'),
    repository: join(root, 'repository'),
    home: join(root, 'home'),
    restored: join(root, 'restored'),
  };
  for (const folder of Object.values(place)) mkdirSync(folder, { recursive: true });
  return place;
}
