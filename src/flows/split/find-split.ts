import { DvsError } from '../../base/errors.js';
import { aKind } from '../../entities/kind.js';
import { kindOf, type Resolved } from '../../ops/resolve/resolve.js';
import { find } from '../references.js';
import type { Repository } from '../repository.js';

/** The split that a reference leads to. E_USAGE for anything else. */
export async function findSplit(repo: Repository, reference: string): Promise<Resolved> {
  const resolved = await find(repo, reference);
  const kind = await kindOf(repo.store, resolved);
  if (kind === 'split' && resolved.path === '') return resolved;
  const what = kind === 'split' ? 'a part of a split' : aKind(kind);
  throw new DvsError('E_USAGE', `${reference} is ${what}, where a split is wanted`, {
    about: [reference],
    hint: 'Name a split; `dvs ls` lists what there is.',
  });
}
