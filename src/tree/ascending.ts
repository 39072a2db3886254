import { compareUtf8 } from '../base/bytes.js';
import type { CID } from '../id/cid.js';
import { Cursor, nodeReader } from './cursor.js';
import { isSubtree } from './node.js';
import type { NodeSource, TreeSchema } from './schema.js';

/** Values at keys that are asked for in ascending order, so that neighbours are found without reading again. */
export class AscendingLookup<V> {
  readonly #cursor: Cursor<V>;

  private constructor(cursor: Cursor<V>) {
    this.#cursor = cursor;
  }

  /** Throws what `readNode` and the cursor throw. */
  static async open<V>(schema: TreeSchema<V>, source: NodeSource, root: CID): Promise<AscendingLookup<V>> {
    return new AscendingLookup(await Cursor.open(nodeReader(schema, source), root));
  }

  /** The value at `key`, or undefined. Throws as `open`; another key may be asked for then. */
  async at(key: string): Promise<V | undefined> {
    const item = await this.#cursor.seek((candidate) => compareUtf8(candidate, key) <= 0);
    return item !== undefined && !isSubtree(item) && item.key === key ? item.value : undefined;
  }
}
