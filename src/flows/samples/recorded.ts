import { parseSamples, type Samples } from '../../entities/samples.js';
import type { CID } from '../../id/cid.js';
import { decode, inNode } from '../../id/codec.js';
import { openSamples } from '../../ops/samples/open.js';
import type { SampleSet } from '../../ops/samples/sample-set.js';
import type { Repository } from '../repository.js';
import { type IndexPlace, inIndexPlace } from './index-place.js';

/** Samples of the store, opened. They are closed with the repository; whoever opens many closes each `set` before. */
export interface OpenedSamples {
  readonly id: CID;
  readonly samples: Samples;
  readonly set: SampleSet;
}

/** The entity of samples. E_MISSING, E_ENCODING. */
export async function readSamples({ store }: Repository, id: CID): Promise<Samples> {
  const bytes = await store.objects.get(id);
  return inNode(id, () => parseSamples(decode(bytes)));
}

/** Opens the samples with this ID; goes through the dataset first when no index of them is at hand. */
export async function openRecorded(repo: Repository, id: CID): Promise<OpenedSamples> {
  return openAs(repo, id, await readSamples(repo, id));
}

/** Opens samples that are known already. */
export async function openAs(repo: Repository, id: CID, samples: Samples): Promise<OpenedSamples> {
  return inIndexPlace(repo, (place) => openAt(repo, id, samples, place));
}

/** The same, where the index of the samples is made or found in a place. */
export async function openAt(
  repo: Repository,
  id: CID,
  samples: Samples,
  { path, indexPath }: IndexPlace,
): Promise<OpenedSamples> {
  const { progress, store } = repo;
  const parts = { objects: store.objects, progress, path, indexPath: indexPath(id) };
  return { id, samples, set: repo.closeLater(await openSamples(parts, samples)) };
}
