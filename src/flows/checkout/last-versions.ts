import type { CID } from '../../id/cid.js';
import { versions } from '../../store/catalogue/names.js';
import type { Repository } from '../repository.js';

/** Versions of a name that are searched for a file. */
const SEARCHED = 32;

/** The last versions of a name, newest first; none without a name. */
export async function lastVersions(repo: Repository, name: string | undefined): Promise<CID[]> {
  if (name === undefined) return [];
  return repo.store.query(async (session) => {
    const found: CID[] = [];
    for await (const { id } of versions(session, name)) {
      if (found.push(id) >= SEARCHED) break;
    }
    return found;
  });
}
