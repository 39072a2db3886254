import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Corpus, Step } from '../corpora/corpus.js';
import { Versions } from '../exchange.js';
import { type Figure, judge } from '../figure.js';
import { bytesIn } from '../files.js';
import { type Command, measure } from '../measure.js';
import { assertRestored, makePlace } from '../place.js';
import { inRounds, type Turn } from '../rounds.js';
import { inScratch } from '../scratch.js';
import type { Tool } from '../tools/tool.js';
import { peersAmong } from '../tools.js';
import { warm } from '../warm.js';
import type { Row, RowOptions } from './row.js';

const MIB = 2 ** 20;
/** What a tool may take for itself, beside what it writes, at full size. */
const OWN_MEMORY = 512 * MIB;

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
  const samples = await inRounds(options, options.tools, (tool) => takeTurn(tool, join(root, 'turn'), both));
  return judge(samples, corpus.targets, peersAmong(options.tools));
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
  const turn: Partial<Record<Step, number>> = {};
  const wanted = (step: Step): boolean => tool.steps?.includes(step) ?? true;
  let peakMiB = 0;
  const timed = async (step: Step, command: Command): Promise<void> => {
    if (!wanted(step)) return;
    warm(root, dirties);
    const measured = await measure(command);
    turn[step] = measured.seconds;
    peakMiB = Math.max(peakMiB, measured.peakMiB);
  };
  renameSync(data, place.data);
  for (const command of tool.init(place)) await measure(command);
  await timed('add v1', tool.add(place, 1));
  await timed('add again', tool.add(place, 2));
  versions.exchange(place.data);
  await timed('add v2', tool.add(place, 3));
  if (wanted('stored')) turn.stored = bytesIn(tool.stored(place)) / MIB;
  await timed('checkout v2', tool.checkout(place, 3));
  assertRestored(tool, place);
  if (wanted('peak memory')) turn['peak memory'] = peakMiB;
  versions.exchange(place.data);
  renameSync(place.data, data);
  rmSync(root, { recursive: true });
  return turn;
}
