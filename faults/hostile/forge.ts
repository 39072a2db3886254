import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hex } from '../../src/base/bytes.js';
import { LIMITS } from '../../src/base/limits.js';
import { type CID, contentId, nodeId } from '../../src/id/cid.js';
import { encode, type Value } from '../../src/id/codec.js';
import { type Digest, sha256 } from '../../src/id/hash.js';
import { encodeLogEntry, type LogEntry, logKey } from '../../src/store/log/entry.js';
import { encodeFooter, encodeHeader, encodeTrailer, packName } from '../../src/store/pack/footer.js';
import { packFrame } from '../../src/store/pack/frame.js';
import {
  type ContentRecipe,
  EntryKind,
  type Footer,
  type Frame,
  HEADER_LENGTH,
  NONCE_LENGTH,
  PackType,
} from '../../src/store/pack/layout.js';

/** An object as a pack holds it, under whatever ID one likes. */
export interface Forged {
  readonly kind: EntryKind;
  readonly id: Digest;
  readonly bytes: Uint8Array;
}

export const EVIL = Buffer.from('evil');
export const evilContent: Forged = { kind: EntryKind.content, id: sha256(EVIL), bytes: EVIL };
export const evilFile = ['f', contentId(EVIL), EVIL.length] satisfies Value;

/** A tree node of datasets, true or not. */
export function dataset(entries: Value[], level = 0): Value {
  return { dvs: 1, kind: 'dataset', level, entries };
}

/** A node of these bytes, or of the canonical ones of a value. */
export function node(value: Value | Uint8Array): Forged & { readonly cid: CID } {
  const bytes = value instanceof Uint8Array ? value : encode(value);
  return { kind: EntryKind.node, id: sha256(bytes), bytes, cid: nodeId(bytes) };
}

export function recipe(bytes: Uint8Array): Forged {
  return { kind: EntryKind.recipe, id: sha256(bytes), bytes };
}

/** Writes packs and log entries into a store without asking whether they are true; zstd is loaded before. */
export class Forge {
  readonly #store: string;

  constructor(root: string) {
    this.#store = join(root, '.dvs');
  }

  /** A pack with one frame for each object; `lie` may say something else in its footer. */
  pack(
    objects: readonly Forged[],
    recipes: readonly ContentRecipe[] = [],
    lie: (footer: Footer) => Footer = (footer) => footer,
  ): Digest {
    const frames: Frame[] = [];
    const stored: Uint8Array[] = [];
    let offset = HEADER_LENGTH;
    for (const { bytes } of objects) {
      const packed = packFrame(bytes);
      stored.push(packed.stored);
      const { codec, crc } = packed;
      frames.push({ offset, storedLength: packed.stored.length, realLength: bytes.length, codec, crc });
      offset += packed.stored.length;
    }
    const entries = objects.map(({ kind, id, bytes }, frame) => ({
      kind,
      id,
      frame,
      offset: 0,
      length: bytes.length,
    }));
    const footer = encodeFooter(lie({ type: PackType.meta, frames, entries, recipes }));
    const nonce = sha256(footer).subarray(0, NONCE_LENGTH);
    const name = packName(footer, nonce);
    const bytes = [encodeHeader(PackType.meta), ...stored, footer, encodeTrailer(nonce, footer.length)];
    mkdirSync(join(this.#store, 'packs'), { recursive: true });
    writeFileSync(join(this.#store, 'packs', hex(name)), Buffer.concat(bytes));
    return name;
  }

  /** The next entry of the log. */
  commit(said: Partial<LogEntry>): void {
    const { seq, previous } = this.#next();
    const transaction = sha256(Buffer.from(`${seq}`)).subarray(0, 16);
    const nothing = { time: '', by: 'mallory', names: [], publishes: [], packs: [] };
    this.#write(seq, encodeLogEntry({ seq, previous, transaction, ...nothing, ...said }).bytes);
  }

  /** The next entry, as it would be but for what `lie` makes of it. */
  commitRaw(lie: { readonly [key: string]: Value }): void {
    const { seq, previous } = this.#next();
    const transaction = new Uint8Array(16);
    const true_ = { dvs: 1, entry: 'commit', seq, previous, transaction, time: '', by: 'mallory' };
    const body = encode({ ...true_, names: [], publishes: [], packs: [], ...lie }, LIMITS.logEntryBytes);
    this.#write(seq, Buffer.concat([body, sha256(body)]));
  }

  /** Objects in a pack of their own, and the name `evil` for the last one. */
  publish(
    objects: readonly (Forged & { readonly cid?: CID })[],
    recipes: readonly ContentRecipe[] = [],
  ): void {
    const to = objects.at(-1)?.cid ?? null;
    this.commit({ packs: [this.pack(objects, recipes)], names: [{ name: 'evil', from: null, to }] });
  }

  #next(): { seq: number; previous: Digest | null } {
    const last = Math.max(0, ...readdirSync(join(this.#store, 'log')).map(Number));
    const previous = last === 0 ? null : readFileSync(join(this.#store, logKey(last))).subarray(-32);
    return { seq: last + 1, previous };
  }

  #write(seq: number, bytes: Uint8Array): void {
    writeFileSync(join(this.#store, logKey(seq)), bytes);
  }
}
