import { concatBytes } from '../../base/bytes.js';
import { DvsError } from '../../base/errors.js';
import { datasetSchema } from '../../entities/dataset.js';
import { aKind } from '../../entities/kind.js';
import { parseSplit, type Split, type SplitPart } from '../../entities/split.js';
import type { CID } from '../../id/cid.js';
import { decode, inNode } from '../../id/codec.js';
import { Members, type MembersSource } from '../../ops/members/members.js';
import { kindOf, type Resolved } from '../../ops/resolve/resolve.js';
import type { Numbers } from '../../ops/samples/sample-set.js';
import { readContent } from '../../store/objects/content.js';
import { find } from '../references.js';
import type { Repository } from '../repository.js';
import { makeSamples, type SamplesChoice } from './make.js';
import type { Making } from './making.js';
import { type OpenedSamples, openAs, openRecorded, readSamples } from './recorded.js';

/** Samples, or those of them that belong to a part. Closed with the repository. */
export interface Population extends OpenedSamples {
  /** The part that was named, and its split; undefined for all samples. */
  readonly part: OpenedPart | undefined;
  /** How many samples are in it. */
  readonly count: number;
}

export interface OpenedPart {
  readonly split: CID;
  readonly name: string;
  readonly members: Members;
}

/** Where members are read from. */
export function membersSource({ store }: Pick<Repository, 'store'>): MembersSource {
  return {
    get: (id) => store.objects.get(id),
    async content(id, size) {
      const pieces: Uint8Array[] = [];
      for await (const piece of readContent(store.objects, id, { size })) pieces.push(piece);
      return concatBytes(pieces);
    },
  };
}

/** The entity of a split. E_MISSING, E_ENCODING. */
export async function readSplit({ store }: Repository, id: CID): Promise<Split> {
  const bytes = await store.objects.get(id);
  return inNode(id, () => parseSplit(decode(bytes)));
}

/** A part of a split by name. E_NOT_FOUND lists what there is. */
export function partOf(split: Split, name: string, reference: string): SplitPart {
  const found = split.parts.find((part) => part.name === name);
  if (found !== undefined) return found;
  const names = split.parts.slice(0, 12).map((part) => part.name);
  throw new DvsError('E_NOT_FOUND', `${reference}: the split has no part ${name}`, {
    about: names,
    hint: `Its parts are: ${names.join(', ')}${names.length < split.parts.length ? ' …' : ''}.`,
  });
}

/** The members of a part of a split of `total` samples. E_DAMAGED when they are not as many, or not of as many. */
export async function openMembers(
  repo: Pick<Repository, 'store'>,
  { name, count, members: id }: SplitPart,
  total: number,
  keep?: number,
): Promise<Members> {
  const members = await Members.open(membersSource(repo), id, keep);
  if (members.total === total && members.count === count) return members;
  throw new DvsError(
    'E_DAMAGED',
    `the part ${name} has ${members.count} of ${members.total} samples, and not ${count} of ${total} as its split says`,
    { about: [id.toString()], hint: 'That split was not made by dvs: make it again with `dvs split`.' },
  );
}

/** Opens a part of a split. */
export async function openPart(
  repo: Repository,
  id: CID,
  name: string,
  reference: string,
): Promise<OpenedPart & { samples: CID }> {
  const split = await readSplit(repo, id);
  const part = partOf(split, name, reference);
  const { count } = await readSamples(repo, split.samples);
  return { split: id, name, samples: split.samples, members: await openMembers(repo, part, count) };
}

/**
 * What a reference means where samples are wanted: samples, a part of a split, or with `making` a dataset, which is then taken
 * for samples. E_USAGE for anything else.
 */
export async function findPopulation(
  repo: Repository,
  reference: string,
  { making, choice = {} }: { readonly making?: Making; readonly choice?: SamplesChoice } = {},
): Promise<Population & { readonly why?: string | undefined }> {
  const resolved = await find(repo, reference);
  const kind = await kindOf(repo.store, resolved);
  if (kind === datasetSchema.kind && making !== undefined) {
    const { id, samples, why } = await makeSamples(repo, making, resolved, choice);
    return { ...(await openAs(repo, id, samples)), part: undefined, count: samples.count, why };
  }
  assertNoChoice(choice, reference, kind);
  if (kind === 'samples' && resolved.path === '') {
    const opened = await openRecorded(repo, resolved.id);
    return { ...opened, part: undefined, count: opened.samples.count };
  }
  if (kind === 'split' && resolved.path !== '') {
    const part = await openPart(repo, resolved.id, resolved.path, reference);
    return { ...(await openRecorded(repo, part.samples)), part, count: part.members.count };
  }
  throw notSamples(reference, kind, resolved);
}

/** Refuses (E_USAGE) options that say how to take a dataset for samples, where that was done already. */
function assertNoChoice({ patterns = [], ...choice }: SamplesChoice, reference: string, kind: string): void {
  const given = Object.entries(choice).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`]));
  if (patterns.length > 0) given.push('patterns');
  if (given.length === 0) return;
  throw new DvsError(
    'E_USAGE',
    `${given.join(', ')}: ${reference} is ${aKind(kind)}, which says already how files are read`,
    {
      hint: 'Name the dataset instead, or record other samples of it with `dvs samples`.',
    },
  );
}

function notSamples(reference: string, kind: string, { path }: Resolved): DvsError {
  const hint =
    kind === 'split'
      ? `Name a part of it, such as \`${reference}/train\`; \`dvs show ${reference}\` lists them.`
      : kind === datasetSchema.kind
        ? `Record its samples first: \`dvs samples ${reference}\`.`
        : 'Name samples, or a part of a split such as `mnist-split/train`.';
  const what = path === '' ? aKind(kind) : `${aKind(kind)} with a path`;
  return new DvsError('E_USAGE', `${reference} is ${what}, where samples are wanted`, {
    about: [reference],
    hint,
  });
}

/** The numbers of a population, as samples count them. */
export function numbersOf({ part, samples }: Pick<Population, 'part' | 'samples'>): Numbers {
  if (part === undefined)
    return {
      count: async (start, end) => end - start,
      within: (start, end) => range(start, Math.min(end, samples.count)),
    };
  const { members } = part;
  return {
    count: async (start, end) => (await members.rank(end)) - (await members.rank(start)),
    within: (start, end) => members.numbers(start, end),
  };
}

const BATCH = 4096;

async function* range(start: number, end: number): AsyncGenerator<number[], void, undefined> {
  for (let first = start; first < end; first += BATCH) {
    yield Array.from({ length: Math.min(BATCH, end - first) }, (_, i) => first + i);
  }
}
