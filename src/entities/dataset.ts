import { DvsError } from '../base/errors.js';
import { CID, isContentId } from '../id/cid.js';
import type { Value } from '../id/codec.js';
import { isSubtree, parseNode, type TreeNode } from '../tree/node.js';
import type { Entry, EntryChecker, TreeSchema } from '../tree/schema.js';
import type { Kind } from './kind.js';
import { checkLinkTarget } from './link.js';
import { checkPath } from './path.js';

/** A file of a dataset: the ID of its content, and its size in bytes. */
export interface FileEntry {
  readonly type: 'file';
  readonly id: CID;
  readonly size: number;
}

/** A symbolic link of a dataset, and where it points. */
export interface LinkEntry {
  readonly type: 'link';
  readonly target: string;
}

/** What a dataset has at a path: `[path, content ID, size]` or `[path, target]`. */
export type DatasetEntry = FileEntry | LinkEntry;

/** A dataset is a tree from paths to files and symbolic links; its root node is the entity. */
export const datasetSchema: TreeSchema<DatasetEntry> = {
  kind: 'dataset',
  encodeLeaf(path, entry) {
    checkEntry(path, entry);
    return entry.type === 'file' ? [path, entry.id, entry.size] : [path, entry.target];
  },
  decodeLeaf(value) {
    const entry = readLeaf(value);
    checkEntry(entry.key, entry.value);
    return entry;
  },
  bytes: (entry) => (entry.type === 'file' ? entry.size : 0),
  equal(a, b) {
    if (a.type === 'file') return b.type === 'file' && a.size === b.size && a.id.equals(b.id);
    return b.type === 'link' && a.target === b.target;
  },
  checker: nothingBeneathEntries,
};

/** The dataset as one of the kinds of entity. Reads any of its nodes, the root or one below. */
export const datasetKind: Kind<TreeNode<DatasetEntry>> = {
  kind: 'dataset',
  parse: (value) => parseNode(datasetSchema, value),
  links: (node) =>
    node.items.flatMap((item) => {
      if (isSubtree(item)) return [{ role: 'node', id: item.id }];
      return item.value.type === 'file' ? [{ role: 'content', id: item.value.id }] : [];
    }),
  describe: (node) => ({ entries: String(node.count), bytes: String(node.bytes) }),
};

function checkEntry(path: string, entry: DatasetEntry): void {
  checkPath(path);
  if (entry.type === 'link') checkLinkTarget(path, entry.target);
  else if (!isContentId(entry.id)) throw malformed('a file is not identified by a content ID');
  else if (!Number.isSafeInteger(entry.size) || entry.size < 0)
    throw malformed('a file has no possible size');
}

function readLeaf(value: Value): Entry<DatasetEntry> {
  if (!Array.isArray(value)) throw malformed('an entry is no list');
  const [key, second, size] = value;
  if (typeof key !== 'string') throw malformed('a path is no text');
  if (value.length === 2 && typeof second === 'string')
    return { key, value: { type: 'link', target: second } };
  if (value.length === 3 && second instanceof CID && typeof size === 'number') {
    return { key, value: { type: 'file', id: second, size } };
  }
  throw malformed('an entry is neither a file nor a link');
}

/**
 * Refuses (E_PATH) entries beneath an entry. `a` and `a/b` need not be neighbours (`a!` sorts between them),
 * but all that sorts between them begins with `a`: so what to remember is a stack of prefixes.
 */
function nothingBeneathEntries(): EntryChecker<DatasetEntry> {
  const above: string[] = [];
  return {
    next(path) {
      let top = above.at(-1);
      while (top !== undefined && !path.startsWith(top)) {
        above.pop();
        top = above.at(-1);
      }
      // Those below the top are prefixes of it, so the top was held against them when it came.
      if (top !== undefined && path[top.length] === '/') {
        throw new DvsError('E_PATH', `a dataset cannot hold both ${top} and ${path}`, {
          about: [top, path],
          hint: 'A path is either a file or a folder.',
        });
      }
      above.push(path);
    },
  };
}

function malformed(why: string): DvsError {
  return new DvsError('E_ENCODING', `malformed dataset: ${why}`);
}
