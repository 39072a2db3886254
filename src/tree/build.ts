import { compareUtf8 } from '../base/bytes.js';
import { DvsError } from '../base/errors.js';
import { LIMITS } from '../base/limits.js';
import { Chunker, type EncodedEntry, emptyNode, encodedEntry, type FinishedNode } from './chunker.js';
import type { Subtree } from './node.js';
import type { Entry, NodeSink, TreeRoot, TreeSchema } from './schema.js';

/**
 * Builds the tree of `entries`, which come in strictly ascending byte order of their keys (E_INTERNAL when
 * not), and hands its nodes to `sink`, children before parents. Holds one open node a level. Throws what the
 * schema's checker throws, and E_LIMIT for an entry or a sum that is too large.
 */
export async function buildTree<V>(
  schema: TreeSchema<V>,
  entries: Iterable<Entry<V>> | AsyncIterable<Entry<V>>,
  sink: NodeSink,
): Promise<TreeRoot> {
  const builder = new TreeBuilder(schema);
  // Awaiting only where something is asynchronous makes a million entries several times faster.
  const add = (entry: Entry<V>): Promise<void> | undefined => {
    const finished = builder.add(entry);
    return finished.length === 0 ? undefined : deliver(finished, sink);
  };
  if (Symbol.asyncIterator in entries) {
    for await (const entry of entries) await add(entry);
  } else {
    for (const entry of entries) {
      const delivered = add(entry);
      if (delivered !== undefined) await delivered;
    }
  }
  const { finished, root } = builder.end();
  await deliver(finished, sink);
  const { id, count, bytes, level } = root;
  return { id, count, bytes, level };
}

async function deliver(finished: readonly FinishedNode[], sink: NodeSink): Promise<void> {
  for (const node of finished) await sink(node.subtree.id, node.encoded);
}

/** The levels of a growing tree. Synchronous: gives back the nodes that each entry completes. */
class TreeBuilder<V> {
  readonly #schema: TreeSchema<V>;
  readonly #checker;
  readonly #levels: Level[] = [];
  #previous: string | undefined;

  constructor(schema: TreeSchema<V>) {
    this.#schema = schema;
    this.#checker = schema.checker();
  }

  add(entry: Entry<V>): FinishedNode[] {
    const { key, value } = entry;
    if (this.#previous !== undefined && compareUtf8(this.#previous, key) >= 0) {
      throw new DvsError('E_INTERNAL', 'a tree was given entries out of order', {
        about: [this.#previous, key],
      });
    }
    this.#previous = key;
    this.#checker.next(key, value);
    return this.#raise(0, [encodedEntry(this.#schema, entry)]);
  }

  /** Closes the levels from below until one has a single node, the root; what was begun above it is dropped. */
  end(): { finished: FinishedNode[]; root: Subtree } {
    const finished: FinishedNode[] = [];
    for (let level = 0; level < this.#levels.length; level++) {
      const { chunker, first, nodes } = this.#level(level);
      const last = chunker.finish();
      finished.push(...last);
      const root = first ?? last[0]?.subtree;
      if (nodes + last.length === 1 && root !== undefined) return { finished, root };
      finished.push(
        ...this.#raise(
          level + 1,
          last.map((node) => encodedEntry(this.#schema, node.subtree)),
        ),
      );
    }
    const empty = emptyNode(this.#schema.kind);
    return { finished: [empty], root: empty.subtree };
  }

  /** Adds entries at `level`, and the entries for the nodes that they complete to the levels above. */
  #raise(from: number, added: readonly EncodedEntry[]): FinishedNode[] {
    const all: FinishedNode[] = [];
    let entries = added;
    for (let level = from; entries.length > 0; level++) {
      const at = this.#level(level);
      const finished = entries.flatMap((entry) => at.chunker.add(entry));
      at.nodes += finished.length;
      at.first ??= finished[0]?.subtree;
      all.push(...finished);
      entries = finished.map((node) => encodedEntry(this.#schema, node.subtree));
    }
    return all;
  }

  #level(level: number): Level {
    const known = this.#levels[level];
    if (known !== undefined) return known;
    if (level > LIMITS.treeLevels) throw new DvsError('E_LIMIT', 'a tree has too many levels');
    const created = { chunker: new Chunker(this.#schema.kind, level), nodes: 0, first: undefined };
    this.#levels.push(created);
    return created;
  }
}

/** One level under construction, with the number of its finished nodes and the first of them. */
interface Level {
  readonly chunker: Chunker;
  nodes: number;
  first: Subtree | undefined;
}
