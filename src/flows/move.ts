import { compareUtf8 } from '../base/bytes.js';
import { DvsError } from '../base/errors.js';
import { type DatasetEntry, datasetSchema } from '../entities/dataset.js';
import { checkLinkTarget } from '../entities/link.js';
import { checkPath, isWithin } from '../entities/path.js';
import type { CID } from '../id/cid.js';
import type { Edit } from '../tree/edit.js';
import { entries } from '../tree/read.js';
import type { Entry } from '../tree/schema.js';
import { literalPattern } from '../workspace/patterns.js';
import { checkPlace, type EditPlace, findPlace, kindAt, nothingAt } from './edit/base.js';
import { type EditedVersion, type EditOptions, editVersion } from './edit/edit.js';
import type { Repository } from './repository.js';

/** What to rename, and to what. */
export interface MoveOptions extends EditOptions {
  /** A place in a dataset, such as `mnist/train/0.png`. */
  readonly from: string;
  /** Another one in the same dataset. */
  readonly to: string;
  /** Replace a file that is there. */
  readonly force?: boolean;
}

/**
 * Renames a file or folder of a dataset without checking it out: a new version of its name. Like `mv`: into a folder that
 * is there or is written with a slash at its end, else to the path itself.
 */
export async function move(
  repo: Repository,
  { from, to, force = false, ...options }: MoveOptions,
): Promise<EditedVersion> {
  const source = await findPlace(repo, from);
  const { base } = source;
  const destination = await findPlace(repo, to);
  if (destination.base.name !== base.name) {
    throw new DvsError('E_USAGE', `${base.name} and ${destination.base.name} are two datasets`, {
      hint: 'To move a file to another: `dvs cat`, `dvs put` it there, and `dvs rm` it here.',
    });
  }
  const kind = await kindAt(repo, base.id, source.path);
  if (source.path === '') {
    throw new DvsError('E_USAGE', `${base.name} is a whole dataset; name a path in it`, {
      about: [base.name],
      hint: `Such as \`dvs mv ${base.name}/<from> ${base.name}/<to>\`; tracked paths are moved by their paths.`,
    });
  }
  if (kind === 'nothing') throw await nothingAt(repo, base, source.path);
  const target = await targetOf(repo, source, destination);
  if (!force && (await kindAt(repo, base.id, target)) === 'file') {
    throw new DvsError('E_EXISTS', `${base.name} has a file ${target} already`, {
      about: [target],
      hint: 'Repeat with --force to replace it; older versions keep it.',
    });
  }
  return editVersion(
    repo,
    {
      op: 'mv',
      base,
      edits: () =>
        renames(repo, base.id, kind === 'folder' ? [`${source.path}/`, `${target}/`] : [source.path, target]),
      touched: [literalPattern(source.path), literalPattern(target)],
    },
    options,
  );
}

async function targetOf(repo: Repository, { base, path }: EditPlace, to: EditPlace): Promise<string> {
  const isInto = to.isFolder || (await kindAt(repo, base.id, to.path)) === 'folder';
  const last = path.slice(path.lastIndexOf('/') + 1);
  const target = isInto ? [to.path, last].filter((part) => part !== '').join('/') : to.path;
  checkPlace(base.name, target);
  if (!isWithin(target, path)) return target;
  throw new DvsError('E_USAGE', `${path} cannot be moved to ${target}, which is the same or lies in it`, {
    about: [path, target],
    hint: 'Name another place.',
  });
}

/** Both halves of a move have the order of what is moved; here they are in one order. */
async function* renames(
  { store }: Repository,
  dataset: CID,
  [from, to]: readonly [string, string],
): AsyncGenerator<Edit<DatasetEntry>> {
  const isFolder = from.endsWith('/');
  const moved = async function* (): AsyncGenerator<Entry<DatasetEntry>, undefined> {
    for await (const entry of entries(datasetSchema, store.objects, dataset, { prefix: from })) {
      if (isFolder || entry.key === from) yield entry;
    }
  };
  const leaving = moved();
  const coming = moved();
  let gone = (await leaving.next()).value;
  for (let next = (await coming.next()).value; next !== undefined; next = (await coming.next()).value) {
    const { key, value } = next;
    const target = to + key.slice(from.length);
    for (; gone !== undefined && compareUtf8(gone.key, target) < 0; gone = (await leaving.next()).value) {
      yield { key: gone.key };
    }
    checkPath(target);
    if (value.type === 'link') checkLinkTarget(target, value.target);
    yield { key: target, value };
  }
  for (; gone !== undefined; gone = (await leaving.next()).value) yield { key: gone.key };
}
