import { LIMITS } from '../base/limits.js';
import type { Scratch } from '../base/scratch.js';
import { type RecordCodec, Spill } from '../base/spill.js';
import type { CID } from '../id/cid.js';
import type { NodeSource } from '../tree/schema.js';

const nodeBytes: RecordCodec<Uint8Array> = {
  maxLength: LIMITS.nodeBytes,
  put(target, at, bytes) {
    target.set(bytes, at);
    return at + bytes.length;
  },
  take: (record) => new Uint8Array(record),
};

/** Nodes of a dataset that no store has yet; all others come from `stored`. */
export class UnstoredNodes implements NodeSource {
  readonly #stored: NodeSource;
  readonly #nodes: Spill<Uint8Array>;
  readonly #positions = new Map<string, number>();

  constructor(scratch: Scratch, stored: NodeSource) {
    this.#stored = stored;
    this.#nodes = new Spill(scratch, nodeBytes);
  }

  add(id: CID, bytes: Uint8Array): void {
    this.#positions.set(id.toString(), this.#nodes.add(bytes));
  }

  async get(id: CID): Promise<Uint8Array> {
    const position = this.#positions.get(id.toString());
    return position === undefined ? this.#stored.get(id) : this.#nodes.at(position);
  }
}
