import { DIGEST_LENGTH, type Digest } from '../id/hash.js';
import { changeTime, type FileStat, type Stats } from './file-stat.js';
import { FILE, FOLDER, HEAD_LENGTH, restLength, STAT_LENGTH, statAt } from './stat-format.js';

/** Where the whole entries at the beginning of `bytes` end. */
export function endOfEntries(bytes: Buffer): number {
  for (let at = 0; ; ) {
    const end = at + HEAD_LENGTH + (bytes[at + 1] ?? 0) + 256 * (bytes[at + 2] ?? 0) + restLength(bytes[at]);
    if (end > bytes.length) return at;
    at = end;
  }
}

/** The entries in a stretch of whole ones. */
export function* entriesIn(stretch: Buffer): Generator<EntryView, void, undefined> {
  for (let at = 0; at < stretch.length; ) {
    const entry = new EntryView(stretch, at);
    yield entry;
    at = entry.end;
  }
}

/** An entry among others, taken apart only as far as needed. */
export class EntryView {
  /** Where it begins. */
  readonly at: number;
  readonly #bytes: Buffer;
  readonly #pathEnd: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.at = at;
    this.#pathEnd = at + HEAD_LENGTH + bytes.readUInt16LE(at + 1);
  }

  get type(): 'file' | 'folder' | 'link' {
    const type = this.#bytes[this.at];
    if (type === FILE) return 'file';
    return type === FOLDER ? 'folder' : 'link';
  }

  get path(): string {
    return this.#bytes.toString('utf8', this.at + HEAD_LENGTH, this.#pathEnd);
  }

  /** The path, of a folder below the tracked one with a `/`: entries come in byte order of these. */
  get key(): string {
    const { path } = this;
    return this.type === 'folder' && path !== '' ? `${path}/` : path;
  }

  /** Of a file or link. */
  get digest(): Digest {
    return this.#bytes.subarray(this.#pathEnd, this.#pathEnd + DIGEST_LENGTH);
  }

  /** Where the next entry begins. */
  get end(): number {
    return this.#pathEnd + restLength(this.#bytes[this.at]);
  }

  /** The size of a file; 0 for anything else. */
  get bytes(): number {
    return this.type === 'file' ? Number(this.#bytes.readBigUInt64LE(this.end - STAT_LENGTH)) : 0;
  }

  /** What a file or folder was; undefined for a link. */
  get stat(): FileStat | undefined {
    return this.type === 'link' ? undefined : statAt(this.#bytes, this.end - STAT_LENGTH);
  }

  /** Whether a file or folder is what its entry says. */
  hasStat(found: Stats): boolean {
    const { size, mtimeNs, ino } = found;
    const at = this.end - STAT_LENGTH;
    return (
      this.#bytes.readBigUInt64LE(at) === size &&
      this.#bytes.readBigInt64LE(at + 8) === mtimeNs &&
      this.#bytes.readBigInt64LE(at + 16) === changeTime(found) &&
      this.#bytes.readBigUInt64LE(at + 24) === ino
    );
  }
}
