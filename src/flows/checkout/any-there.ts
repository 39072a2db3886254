import { ioError, systemCode } from '../../base/errors.js';
import { datasetSchema } from '../../entities/dataset.js';
import type { CID } from '../../id/cid.js';
import { AscendingLookup } from '../../tree/ascending.js';
import { decodeName } from '../../workspace/list-folder.js';
import { namesBelow } from '../../workspace/names.js';
import { isAbsent } from '../place.js';
import { hasDataset } from '../references.js';
import type { Repository } from '../repository.js';

/** Whether any file of a dataset is in a folder; looks no further than the first, and at no bytes. */
export async function isAnyThere(repo: Repository, folder: string, dataset: CID): Promise<boolean> {
  const { store } = repo;
  if (isAbsent({ absolute: folder })) return false;
  // Of a version that another store has, nothing can be told but that something is there.
  const isKnown = await hasDataset(repo, dataset);
  const recorded = isKnown ? await AscendingLookup.open(datasetSchema, store.objects, dataset) : undefined;
  try {
    for (const name of namesBelow(folder)) {
      const path = decodeName(name);
      if (recorded === undefined || path === undefined || (await recorded.at(path)) !== undefined)
        return true;
    }
    return false;
  } catch (error) {
    if (systemCode(error) === 'ENOTDIR') return true; // a file, which the plan has to deal with
    throw ioError(error, 'reading', folder);
  }
}
