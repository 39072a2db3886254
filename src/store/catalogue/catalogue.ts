import pLimit from 'p-limit';
import type { Backend } from '../../backend/interface.js';
import { equalBytes, hex } from '../../base/bytes.js';
import { DvsError, isDvsError } from '../../base/errors.js';
import { type CID, digestOf } from '../../id/cid.js';
import type { Digest } from '../../id/hash.js';
import { logKey, lostEntry } from '../log/entry.js';
import type { Log, LogPosition } from '../log/log.js';
import { assertNodeBytes } from '../objects/check.js';
import { EntryKind, type Footer } from '../pack/layout.js';
import { packKey, readFooter, readFrame } from '../pack/reader.js';
import { CatalogueDamage } from './damage.js';
import { Database } from './database.js';
import { indexEntry, indexedHead, indexPack } from './indexer.js';
import { after, decodePlace, Key } from './records.js';
import type { Session, WriteSession } from './session.js';

/** A catalogue is made again when it is damaged; that more goes wrong meanwhile is less and less likely. */
const TRIES = 4;

/** What a rebuild went through. */
export interface IndexCounts {
  entries: number;
  packs: number;
  objects: number;
}

/**
 * The rebuildable index over packs and log. Whatever is wrong with it (flipped bits, lost files, an older or
 * foreign one) is mended by making it again; no answer comes from a value whose checksum does not match.
 */
export class Catalogue {
  readonly #database: Database;
  readonly #backend: Backend;
  readonly #log: Log;
  /** Two that follow the log at once would count what is new twice. */
  readonly #writing = pLimit(1);

  constructor(folder: string, backend: Backend, log: Log) {
    this.#database = new Database(folder);
    this.#backend = backend;
    this.#log = log;
  }

  /** Runs `work` on an open session; a damaged catalogue is made again and `work` tried again. */
  async use<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.#mending(
      () => this.#database.read(work),
      (damage) => this.#writing(() => this.#mend(damage)),
    );
  }

  /** Where the catalogue's knowledge of the log ended when it was last brought up to date. */
  knownHead(): Promise<LogPosition> {
    return this.use(indexedHead);
  }

  /** How far it knows the log, and how many packs it knows have gone; undefined when it is damaged. Mends nothing. */
  async inspect(): Promise<{ seq: number; lostPacks: number } | undefined> {
    try {
      return await this.#database.read(async (session) => ({
        seq: (await indexedHead(session)).seq,
        lostPacks: await countLostPacks(session),
      }));
    } catch (error) {
      if (error instanceof CatalogueDamage) return undefined;
      throw error;
    }
  }

  /** True when a pack has gone since it was indexed: what was in it must not count as stored any more. */
  async lacksPacks(): Promise<boolean> {
    const packs = await this.use(async (session) => {
      const found: string[] = [];
      for await (const { value } of session.range(Key.pack(0), after(Key.pack(2 ** 32 - 1)))) {
        if ((await session.get(Key.lostPack(value))) === undefined) found.push(packKey(hex(value)));
      }
      return found;
    });
    const present = new Set<string>();
    for await (const { key } of this.#backend.list('packs/')) present.add(key);
    return packs.some((key) => !present.has(key));
  }

  /** Takes in every commit that the log has and the catalogue has not; says where the log ends. */
  refresh(): Promise<LogPosition> {
    return this.#writing(() =>
      this.#mending(
        () => this.#database.write((session) => this.#follow(session)),
        (damage) => this.#mend(damage),
      ),
    );
  }

  /** Makes the catalogue again from packs and log alone. E_NOSPC and E_ACCESS when it cannot be kept. */
  async rebuild(): Promise<IndexCounts> {
    const counts = await this.remake();
    this.#database.assertWritten();
    return counts;
  }

  /** As `rebuild`, for this process alone where nothing can be written. */
  remake(): Promise<IndexCounts> {
    return this.#writing(() => this.#remake());
  }

  async #mending<T>(work: () => Promise<T>, mend: (damage: CatalogueDamage) => Promise<unknown>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof CatalogueDamage)) throw error;
        if (attempt === TRIES) throw unusable(error);
        await mend(error);
      }
    }
  }

  /** Unless somebody else has put a new one in place already. */
  async #mend(damage: CatalogueDamage): Promise<void> {
    if (!(await this.#database.wasReplaced(damage))) await this.#remake(damage);
  }

  /** Fills a new database to the end before it takes the place of the old one, which serves until then. */
  async #remake(damage?: CatalogueDamage): Promise<IndexCounts> {
    const counts: IndexCounts = { entries: 0, packs: 0, objects: 0 };
    try {
      await this.#database.replace((session) => this.#follow(session, counts), damage);
    } catch (error) {
      throw error instanceof CatalogueDamage ? unusable(error) : error;
    }
    return counts;
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  /** Takes in what the log has after the head of this session; with `counts`, the whole log. */
  async #follow(session: WriteSession, counts?: IndexCounts): Promise<LogPosition> {
    const head = await indexedHead(session);
    // Before the whole log is read again it is listed everywhere, else only where that is cheap.
    const isListed = counts !== undefined || this.#backend.localPath !== undefined;
    if (head.seq === 0 && isListed) await this.assertNoHole();
    await this.#checkHead(session, head);
    let position: LogPosition = head;
    for await (const entry of this.#log.after(position)) {
      await this.#log.settle(entry.seq); // so that all that the catalogue knows is durable
      for await (const { name, footer } of this.#footers(entry.packs)) {
        await indexPack(session, name, footer);
        if (counts !== undefined) counts.packs++;
        if (counts !== undefined) counts.objects += footer?.entries.length ?? 0;
      }
      await indexEntry(session, entry, (id) => orLost(this.#readNode(session, id)));
      position = entry;
      if (counts !== undefined) counts.entries++;
    }
    return position;
  }

  /** What lies in these packs; the next is read while one is indexed. */
  async *#footers(names: readonly Digest[]): AsyncGenerator<{ name: Digest; footer: Footer | undefined }> {
    const read = (name: Digest): Promise<Footer | undefined> => orLost(readFooter(this.#backend, hex(name)));
    let ahead: Promise<Footer | undefined> | undefined;
    for (const [i, name] of names.entries()) {
      const footer = await (ahead ?? read(name));
      const next = names[i + 1];
      ahead = next && read(next);
      ahead?.catch(() => {}); // awaited in its turn; until then it must not count as unhandled
      yield { name, footer };
    }
  }

  /**
   * Refuses (E_DAMAGED) a log in which an entry is missing. One that is followed from its beginning would else
   * seem to end there, and the next commit would fill the hole.
   */
  async assertNoHole(): Promise<void> {
    const slots = new Set<number>();
    for await (const { key } of this.#backend.list('log/')) slots.add(Number(key.slice('log/'.length)));
    const last = [...slots].reduce((a, b) => (b > a ? b : a), 0);
    for (let seq = 1; seq < last; seq++) {
      // Asked again, because somebody may have committed while the log was listed.
      if (!slots.has(seq) && (await this.#log.hashOf(seq)) === undefined) throw lostEntry(seq, last);
    }
  }

  /**
   * A catalogue that knows another history than this log's is of no use; but when its packs are here, it is the
   * log that has lost its end (E_DAMAGED), and the next commit must not take that place.
   */
  async #checkHead(session: Session, position: LogPosition): Promise<void> {
    if (position.seq === 0) return;
    const hash = await this.#log.hashOf(position.seq);
    if (hash !== undefined && position.hash !== null && equalBytes(hash, position.hash)) return;
    const first = hash === undefined ? await session.get(Key.pack(0)) : undefined;
    if (first !== undefined && (await this.#backend.size(packKey(hex(first)))) !== undefined)
      throw lostEnd(position.seq);
    throw new CatalogueDamage('it follows another log');
  }

  async #readNode(session: Session, id: Digest): Promise<Uint8Array> {
    const value = await session.get(Key.object(EntryKind.node, id));
    if (value === undefined)
      throw new DvsError('E_MISSING', `the entity ${hex(id)} is in no pack of the log`);
    const place = decodePlace(EntryKind.node, value);
    const name = await session.get(Key.pack(place.pack));
    if (name === undefined) throw new CatalogueDamage('a pack number leads nowhere');
    const real = await readFrame(this.#backend, hex(name), { ...place, offset: place.frameOffset });
    return assertNodeBytes(id, real.subarray(place.offset, place.offset + place.length));
  }
}

/** Undefined for what the store should have and has not, or not intact: `verify` is there to tell. */
async function orLost<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isDvsError(error, 'E_MISSING', 'E_DAMAGED', 'E_FORMAT', 'E_BOMB', 'E_LIMIT')) return undefined;
    throw error;
  }
}

function lostEnd(seq: number): DvsError {
  return new DvsError('E_DAMAGED', `the log has lost its entry ${seq}, the last one`, {
    about: [logKey(seq)],
    hint: 'Restore that file from a copy of the store; `dvs index rebuild` goes on without it.',
  });
}

function unusable(damage: CatalogueDamage): DvsError {
  return new DvsError('E_DAMAGED', `the catalogue cannot be used: ${damage.message}`, {
    cause: damage,
    hint: 'Run `dvs index rebuild`; it is only an index, and nothing in the store is lost.',
  });
}

/** Which of these contents are stored, as one object or by a recipe. */
export function storedContents(session: Session, contents: readonly Digest[]): Promise<boolean[]> {
  return storedObjects(session, EntryKind.content, contents);
}

/** Which of these objects are stored. */
export async function storedObjects(
  session: Session,
  kind: EntryKind,
  ids: readonly Digest[],
): Promise<boolean[]> {
  const values = await session.getMany(ids.map((id) => Key.object(kind, id)));
  return values.map((value) => value !== undefined);
}

/** How many packs were lost: with each more, something that others lead to may be missing. */
export async function countLostPacks(session: Session): Promise<number> {
  let count = 0;
  for await (const _ of session.range(Key.lostPacks, after(Key.lostPacks))) count++;
  return count;
}

export async function isStored(session: Session, id: CID, kind: EntryKind): Promise<boolean> {
  return (await session.get(Key.object(kind, digestOf(id)))) !== undefined;
}
