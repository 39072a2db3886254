import { compareUtf8 } from '../../base/bytes.js';
import { DvsError } from '../../base/errors.js';
import { sweepTemp } from '../../base/owner.js';
import { plainPath } from '../../entities/path.js';
import { encodeSamples, type Samples } from '../../entities/samples.js';
import type { CID } from '../../id/cid.js';
import type { Resolved } from '../../ops/resolve/resolve.js';
import { type BuildWish, buildIndex } from '../../ops/samples/build-index.js';
import {
  encodeDefinition,
  FIELDS,
  type FieldName,
  type FieldSources,
  MOST_PATHS,
} from '../../ops/samples/definition.js';
import { detectReader } from '../../ops/samples/detect.js';
import { parseField } from '../../ops/samples/field.js';
import { chosenFiles } from '../../ops/samples/inputs.js';
import type { ReaderOptions } from '../../ops/samples/reader.js';
import { literalPattern, matcher } from '../../workspace/patterns.js';
import type { Repository } from '../repository.js';
import { type IndexPlace, inIndexPlace, ownPlace } from './index-place.js';
import type { Making } from './making.js';
import { type OpenedSamples, openAt } from './recorded.js';

/** How a dataset is to be taken for samples. */
export interface SamplesChoice extends ReaderOptions {
  /** A reader, or `auto` (the default), which chooses one by the names of the files. */
  readonly reader?: string | undefined;
  /** Where each comes from: a column, `parent`, or `path:` and an expression. */
  readonly key?: string | undefined;
  readonly label?: string | undefined;
  readonly group?: string | undefined;
  readonly time?: string | undefined;
  /** Paths and globs of the files to read; without any those that the reader claims. */
  readonly patterns?: readonly string[];
}

/** Samples that were made of a dataset, not yet recorded. */
export interface MadeSamples {
  readonly id: CID;
  readonly samples: Samples;
  /** Why that reader was chosen; undefined when somebody asked for it. */
  readonly why: string | undefined;
}

/** Takes a dataset, or what lies at the path after its reference, for samples: goes through it once, and keeps its index. */
export async function makeSamples(
  repo: Repository,
  making: Making,
  { id: dataset, path }: Pick<Resolved, 'id' | 'path'>,
  choice: SamplesChoice,
): Promise<MadeSamples> {
  const fields = fieldSources(choice);
  const paths = chosenPaths(path, choice.patterns ?? []);
  const { reader, why } = await chooseReader(repo, dataset, paths, choice.reader);
  await sweepTemp(repo.workspace.tmpDir);
  const made = await build(repo, dataset, { reader, paths, fields, asked: choice }, ownPlace(repo));
  await making.add('samples', { dataset }, 'samples', encodeSamples(made.samples));
  return { ...made, why };
}

/** Takes a dataset for samples as others are taken, for the moment: nothing is recorded but an index. */
export async function openSamplesLike(
  repo: Repository,
  { id: dataset, path }: Pick<Resolved, 'id' | 'path'>,
  wish: BuildWish,
): Promise<OpenedSamples> {
  const own = path === '' ? wish : { ...wish, paths: chosenPaths(path, []) };
  return inIndexPlace(repo, async (place) => {
    const { id, samples } = await build(repo, dataset, own, place);
    return openAt(repo, id, samples, place);
  });
}

async function build(
  repo: Repository,
  dataset: CID,
  wish: BuildWish,
  { path, indexPath }: IndexPlace,
): Promise<Omit<MadeSamples, 'why'>> {
  const { objects } = repo.store;
  const built = await buildIndex({ objects, dataset, progress: repo.progress, path }, wish);
  try {
    const samples = { dataset, reader: encodeDefinition(built.definition), count: built.count };
    const { id } = encodeSamples(samples);
    built.keep(indexPath(id));
    return { id, samples };
  } catch (error) {
    built.discard();
    throw error;
  }
}

function fieldSources(choice: SamplesChoice): FieldSources {
  const sources: Partial<Record<FieldName, ReturnType<typeof parseField>>> = {};
  for (const field of FIELDS) {
    const text = choice[field];
    if (text !== undefined) sources[field] = parseField(text);
  }
  return sources;
}

/** Patterns for the whole dataset, in one order and each once: they are part of what samples are. E_USAGE for too many. */
export function chosenPaths(path: string, patterns: readonly string[]): string[] {
  matcher(patterns); // refuses those that make no sense
  const folder = path === '' ? [] : [literalPattern(path)];
  const plain = patterns.map(plainPath).filter((pattern) => pattern !== '');
  const all = plain.length === 0 ? folder : plain.map((pattern) => [...folder, pattern].join('/'));
  const paths = [...new Set(all)].sort(compareUtf8);
  if (paths.length <= MOST_PATHS) return paths;
  throw new DvsError('E_USAGE', `${paths.length} patterns are more than ${MOST_PATHS}`, {
    hint: 'Choose folders, or globs such as `train/*.csv`.',
  });
}

/** The reader that was asked for, or that fits the files, and why. E_USAGE for one that there is not. */
export async function chooseReader(
  { store }: Repository,
  dataset: CID,
  paths: readonly string[],
  asked = 'auto',
): Promise<{ reader: string; why: string | undefined }> {
  if (asked !== 'auto') return { reader: asked, why: undefined };
  return detectReader(chosenFiles(store.objects, dataset, { paths, claims: () => true }));
}
