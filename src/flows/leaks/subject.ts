import { DvsError } from '../../base/errors.js';
import { datasetSchema } from '../../entities/dataset.js';
import type { CID } from '../../id/cid.js';
import { kindOf, type Resolved } from '../../ops/resolve/resolve.js';
import { parseDefinition } from '../../ops/samples/definition.js';
import { chosenFiles } from '../../ops/samples/inputs.js';
import { rowReader } from '../../ops/samples/readers.js';
import type { ScannedSample, ScanWish } from '../../ops/samples/scan.js';
import { find } from '../references.js';
import type { Repository } from '../repository.js';
import { chooseReader, chosenPaths, openSamplesLike } from '../samples/make.js';
import { disjointParts, NO_PART, PartFollower } from '../samples/parts.js';
import { findPopulation, numbersOf, readSplit } from '../samples/population.js';
import { type OpenedSamples, openRecorded } from '../samples/recorded.js';

/** Something whose samples are held against others: its parts, or it as a whole. */
export interface Subject {
  /** What was named: a split, samples or a dataset. */
  readonly id: CID;
  readonly opened: OpenedSamples;
  /** How its parts are called; for what has none, one. */
  readonly cohorts: readonly string[];
  /** Samples in the order of their numbers, with the number of their cohort. */
  scan(wish: ScanWish): AsyncGenerator<readonly { sample: ScannedSample; cohort: number }[], void, undefined>;
}

/** How to read a dataset: as one's own samples, with their groups or without. */
export interface Like {
  readonly own: OpenedSamples;
  readonly withGroups: boolean;
}

/** Opens a split with all its parts, one of them, samples, or a dataset that is then read like others. */
export async function openSubject(repo: Repository, reference: string, like?: Like): Promise<Subject> {
  const resolved = await find(repo, reference);
  const kind = await kindOf(repo.store, resolved);
  if (kind === 'split' && resolved.path === '') return splitSubject(repo, reference, resolved.id);
  if (kind === datasetSchema.kind && like !== undefined) {
    const opened = await openLike(repo, reference, resolved, like);
    return whole(resolved.id, reference, opened, undefined);
  }
  const population = await findPopulation(repo, reference);
  const only = population.part && (() => numbersOf(population).within(0, population.samples.count));
  return whole(resolved.id, reference, population, only);
}

/** All of a dataset, of whose fields only the group says something of others. E_USAGE where no file can be read so. */
async function openLike(
  repo: Repository,
  reference: string,
  resolved: Resolved,
  { own, withGroups }: Like,
): Promise<OpenedSamples> {
  const { fields, ...definition } = parseDefinition(own.samples.reader);
  const group = withGroups && fields.group !== undefined ? { group: fields.group } : {};
  const known = rowReader(definition.reader);
  const paths = chosenPaths(resolved.path, []);
  if (known !== undefined && !(await isAnyClaimed(repo, resolved.id, paths, known.claims))) {
    const { reader } = await chooseReader(repo, resolved.id, paths);
    if (reader !== known.name) throw readOtherwise(reference, reader, known.name);
  }
  const { header } = definition.own;
  const asked = typeof header === 'boolean' ? { header } : {};
  return openSamplesLike(repo, resolved, { reader: definition.reader, paths: [], fields: group, asked });
}

async function isAnyClaimed(
  { store }: Repository,
  dataset: CID,
  paths: readonly string[],
  claims: (path: string) => boolean,
): Promise<boolean> {
  for await (const _ of chosenFiles(store.objects, dataset, { paths, claims })) return true;
  return false;
}

function whole(id: CID, name: string, opened: OpenedSamples, only: ScanWish['only']): Subject {
  return {
    id,
    opened,
    cohorts: [name],
    async *scan(wish) {
      const wanted = only === undefined ? wish : { ...wish, only };
      for await (const batch of opened.set.scan(wanted)) yield batch.map((sample) => ({ sample, cohort: 0 }));
    },
  };
}

async function splitSubject(repo: Repository, reference: string, id: CID): Promise<Subject> {
  const split = await readSplit(repo, id);
  const opened = await openRecorded(repo, split.samples);
  return {
    id,
    opened,
    cohorts: disjointParts(split).map(({ name }) => `${reference}/${name}`),
    async *scan(wish) {
      const follower = new PartFollower(repo, split, opened.samples.count);
      for await (const batch of opened.set.scan(wish)) {
        const found: { sample: ScannedSample; cohort: number }[] = [];
        await follower.upTo(batch.at(-1)?.number ?? 0);
        for (const sample of batch) {
          const cohort = follower.partOf(sample.number);
          if (cohort !== NO_PART) found.push({ sample, cohort });
        }
        if (found.length > 0) yield found;
      }
    },
  };
}

/** E_USAGE: files of two formats have no bytes and no cells in common. */
export function readOtherwise(name: string, other: string, own: string): DvsError {
  return new DvsError('E_USAGE', `${name} is read as ${other}, and this as ${own}: they cannot be compared`, {
    about: [name],
    hint: 'Convert one of them and add it. Or look for groups alone, in samples of each: `--check group`.',
  });
}
