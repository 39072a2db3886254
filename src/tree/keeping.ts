import type { NodeReader } from './cursor.js';

/** Nodes kept: those on the way from the root to two neighbours, with room to spare. */
const KEPT = 32;

/** Keeps the nodes that were read last, for whoever begins again from the root where the last look ended. */
export function keeping<V>(read: NodeReader<V>): NodeReader<V> {
  const kept = new Map<string, ReturnType<NodeReader<V>>>();
  return (id) => {
    const key = id.toString();
    const node = kept.get(key) ?? read(id);
    kept.delete(key);
    kept.set(key, node);
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
    return node;
  };
}
