import { compareUtf8 } from '../base/bytes.js';
import { DvsError } from '../base/errors.js';
import type { CID } from '../id/cid.js';
import { emptyNode, type FinishedNode } from './chunker.js';
import { Cursor, type NodeReader, nodeReader } from './cursor.js';
import type { Change } from './diff.js';
import { assertRoot, decodeNode, isSubtree, type Subtree, subtreeOf, type TreeNode } from './node.js';
import { type ItemEdit, type NodeEdit, rechunk } from './rechunk.js';
import type { NodeSink, NodeSource, TreeRoot, TreeSchema } from './schema.js';

/** Puts `value` at `key`, or removes the key when there is no value. */
export interface Edit<V> {
  readonly key: string;
  readonly value?: V | undefined;
}

/**
 * Applies `edits`, in strictly ascending byte order of their keys (E_INTERNAL when not), to the tree `root`.
 * Gives the very root that building the result from nothing gives, but reads and writes only nodes on the
 * paths of what changes; `sink` gets the new ones, children before parents. `changed` is told, in key order, of
 * the edits that make a difference. Rules between entries (the schema's checker) are the caller's to keep, and
 * that `root` is itself cut by the rules.
 * Throws as `readNode`, the cursor and `buildTree`.
 */
export async function editTree<V>(
  schema: TreeSchema<V>,
  source: NodeSource,
  root: CID,
  edits: Iterable<Edit<V>> | AsyncIterable<Edit<V>>,
  sink: NodeSink,
  changed: (change: Change<V>) => void = () => {},
): Promise<TreeRoot> {
  const read = rememberingInner(nodeReader(schema, source));
  const oldRoot = await read(root);
  assertRoot(root, oldRoot);
  const old = subtreeOf(root, oldRoot);
  // Nodes above the leaves wait until the root is known: those above it are never written.
  const inner = new Map<string, FinishedNode>();
  const write = async (node: FinishedNode): Promise<void> => {
    const { id, level } = node.subtree;
    if (level === 0) await sink(id, node.encoded);
    else inner.set(id.toString(), node);
  };

  const told = (before: V | undefined, { key, item }: ItemEdit<V>): void => {
    const after = item === undefined || isSubtree(item) ? undefined : item.value;
    if (before === undefined && after === undefined) return;
    if (before !== undefined && after !== undefined && schema.equal(before, after)) return;
    changed({ key, ...(before !== undefined && { before }), ...(after !== undefined && { after }) });
  };
  const leaves = { cursor: await Cursor.open(read, root), edits: itemEdits(edits), told };
  let changes = await rechunk(schema, 0, leaves, write);
  for (let level = 1; level <= old.level && changes.length > 0; level++) {
    changes = await rechunk(schema, level, { cursor: await Cursor.open(read, root), edits: changes }, write);
  }
  if (changes.length === 0) return summary(old);
  changes = withUnchangedRoot(changes, old);
  for (let level = old.level + 1; changes.filter(isPut).length > 1; level++) {
    changes = await rechunk(schema, level, { edits: changes }, write);
  }
  const top = changes.find(isPut)?.item;
  if (top === undefined) {
    const empty = emptyNode(schema.kind);
    await sink(empty.subtree.id, empty.encoded);
    return summary(empty.subtree);
  }
  const found = await lowest(top, async (id) => {
    const written = inner.get(id.toString());
    return written === undefined ? read(id) : decodeNode(schema, written.encoded);
  });
  for (const { subtree, encoded } of inner.values()) {
    if (subtree.level <= found.level) await sink(subtree.id, encoded);
  }
  return summary(found);
}

/** All nodes of the old root's level: the old root is not among the changes when others came beside it. */
function withUnchangedRoot(changes: NodeEdit[], old: Subtree): NodeEdit[] {
  if (changes.some(({ key }) => key === old.key)) return changes;
  return [...changes, { key: old.key, item: old }].sort((a, b) => compareUtf8(a.key, b.key));
}

/** The root beneath nodes of one entry, which a tree that shrank may have on top. */
async function lowest<V>(top: Subtree, read: NodeReader<V>): Promise<Subtree> {
  let root = top;
  while (root.level > 0) {
    const { items } = await read(root.id);
    const [only] = items;
    if (items.length > 1 || only === undefined || !isSubtree(only)) return root;
    root = only;
  }
  return root;
}

async function* itemEdits<V>(edits: Iterable<Edit<V>> | AsyncIterable<Edit<V>>): AsyncGenerator<ItemEdit<V>> {
  let previous: string | undefined;
  for await (const { key, value } of edits) {
    if (previous !== undefined && compareUtf8(previous, key) >= 0) {
      throw new DvsError('E_INTERNAL', 'a tree was given edits out of order', { about: [previous, key] });
    }
    previous = key;
    yield { key, item: value === undefined ? undefined : { key, value } };
  }
}

/** Reads each node above the leaves once: every level of an edit descends through the same few. */
function rememberingInner<V>(read: NodeReader<V>): NodeReader<V> {
  const known = new Map<string, TreeNode<V>>();
  return async (id) => {
    const text = id.toString();
    const node = known.get(text) ?? (await read(id));
    if (node.level > 0) known.set(text, node);
    return node;
  };
}

function isPut(edit: NodeEdit): edit is NodeEdit & { item: Subtree } {
  return edit.item !== undefined;
}

function summary({ id, count, bytes, level }: Subtree): TreeRoot {
  return { id, count, bytes, level };
}
