/** What a layer says of one key; without a value: that the key is in no older layer any more. */
export interface LayerEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/** Keys from `from` to before `to`, ascending or, with `reverse`, descending; without bounds, all. */
export interface KeyRange {
  readonly from?: Uint8Array;
  readonly to?: Uint8Array;
  readonly reverse?: boolean;
}

/** One of the sorted parts of which a database is made. A newer one counts before an older one. */
export interface Layer {
  /** Bytes of keys and values, about. */
  readonly size: number;
  /** Undefined when this layer says nothing of that key. */
  find(key: Uint8Array): LayerEntry | undefined;
  entries(range?: KeyRange): Iterable<LayerEntry>;
  /** One more has to release it. */
  retain(): this;
  /** Called once by each user, the one who made it included. */
  release(): void;
}
