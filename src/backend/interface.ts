/**
 * A dumb store of immutable files by key. Everything above (packs, log, catalogue) needs no more than this,
 * and an object store offers no more than this: there is no rename, no append, no overwrite.
 *
 * Keys are `/`-separated segments of `[A-Za-z0-9._-]`, none empty, none starting with a dot, at most 200
 * characters in all, the first segment not `tmp`. No key is the folder of another. Every method refuses other
 * keys with E_PATH. `backend/suite.ts` holds what every implementation must do.
 */
export interface Backend {
  /** For messages: `local`, `memory`, `s3`. */
  readonly kind: string;

  /**
   * Makes what keys that begin with these segments will need, where a new store is made: for backends with folders,
   * in each of which the first key would else wait longer for the disk. They take any key without it.
   */
  prepare?(folders: readonly string[]): Promise<void>;

  /**
   * Creates `key` with these bytes if nothing is there. On return, true or false, a complete and durable file
   * lies under its key. Of any number of racing creators exactly one gets true.
   * @returns false when the key exists already (whatever its bytes).
   * @throws E_UNKNOWN when it cannot be told whether the write happened; read the key back. Another error
   *   after which the key exists means that it may not be durable: its bytes can be read, not relied on.
   */
  create(key: string, bytes: Uint8Array): Promise<boolean>;

  /**
   * Stores local files under new keys. The caller wrote and fsynced each and gives it up: the backend moves
   * or sends it and removes the original. On return all are durable. A key that exists already is an error
   * (E_EXISTS) that leaves it as it was: callers choose keys that nobody else can have. After an error some
   * of the files may have been stored; no original is removed whose file was not.
   */
  adopt(files: readonly AdoptedFile[]): Promise<void>;

  /**
   * The bytes of `key`, or of `length` bytes from `offset` (fewer at its end, none beyond it); undefined when
   * absent. The array is the caller's own.
   */
  read(key: string, range?: ByteRange): Promise<Uint8Array | undefined>;

  /** Size in bytes, or undefined when absent. */
  size(key: string): Promise<number | undefined>;

  /** Every key that starts with `prefix` (which ends with `/` or is empty), in no particular order. */
  list(prefix: string): AsyncIterable<ListedFile>;

  /** Removes `key`; removing what is absent is no error. */
  delete(key: string): Promise<void>;

  /**
   * Makes durable what others created beside `key` and may have been stopped before they could; for backends where
   * a file can be seen before it lasts.
   */
  settle?(key: string): Promise<void>;

  /** True when whoever created `key` may have been stopped before it was durable. */
  isUnsettled?(key: string): Promise<boolean>;

  /** Where `key` lies in the local file system, for backends that keep files there: lets readers skip a copy. */
  localPath?(key: string): string;
}

/** A local file and the key that it is to be kept under. */
export interface AdoptedFile {
  readonly key: string;
  /** Absolute path of the local file. */
  readonly path: string;
}

/** Both are non-negative safe integers. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** A file of a backend, as it is listed. */
export interface ListedFile {
  readonly key: string;
  readonly size: number;
}
