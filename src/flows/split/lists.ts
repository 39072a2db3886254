import { createReadStream } from 'node:fs';
import { equalBytes, fromUtf8 } from '../../base/bytes.js';
import { timestamp } from '../../base/clock.js';
import { DvsError, ioError } from '../../base/errors.js';
import { type CID, digestOf } from '../../id/cid.js';
import { Sha256 } from '../../id/hash.js';
import { Ingest } from '../../ops/ingest/ingest.js';
import { readContent } from '../../store/objects/content.js';
import type { FinishedPack } from '../../store/pack/writer.js';
import type { StoreWriter } from '../../store/writer.js';
import { crawlFile } from '../../workspace/crawl.js';
import type { Repository } from '../repository.js';

/** Stores the lists of keys that a split goes by, so that it can be made again anywhere. `paths` are absolute. */
export async function storeLists(
  repo: Repository,
  writer: StoreWriter,
  paths: readonly string[],
): Promise<{ ids: CID[]; packs: FinishedPack[] }> {
  const ingest = new Ingest({
    workers: repo.workers,
    progress: repo.progress,
    writer,
    measure: false,
    keep: (packs) => writer.keep(packs, { time: timestamp(repo.clock()), by: repo.who }),
  });
  try {
    const files = paths.map((path, i) => ({
      ...crawlFile(path),
      path: String(i).padStart(6, '0'),
      known: undefined,
    }));
    const ids: CID[] = [];
    for await (const { entry } of ingest.run(files)) if (entry.type === 'file') ids.push(entry.id);
    return { ids, packs: await ingest.finish() };
  } finally {
    await ingest.close();
  }
}

/** The keys of a list on disk that was stored as `id`. E_CHANGED when it is another one by now. */
export async function* keysOnDisk(path: string, id: CID): AsyncGenerator<readonly string[], void, undefined> {
  const hash = new Sha256();
  async function* pieces(): AsyncGenerator<Uint8Array> {
    try {
      for await (const piece of createReadStream(path)) {
        hash.update(piece);
        yield piece;
      }
    } catch (error) {
      throw ioError(error, 'reading', path);
    }
  }
  yield* keysOf(pieces(), path);
  if (equalBytes(hash.digest(), digestOf(id))) return;
  throw new DvsError('E_CHANGED', `${path} changed while it was read`, {
    about: [path],
    hint: 'Run the same command again.',
  });
}

/** The keys of a list in the store. */
export function storedKeys(
  { store }: Repository,
  id: CID,
): AsyncGenerator<readonly string[], void, undefined> {
  return keysOf(readContent(store.objects, id), `the list ${id.toString()}`);
}

const FEED = 10;
const RETURN = 13;
const MOST_BYTES = 1 << 20;

const MARK = '\ufeff';

/** One key a line, LF or CRLF; empty lines are passed by, and a byte order mark at the beginning. */
async function* keysOf(
  pieces: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<readonly string[], void, undefined> {
  let rest: Uint8Array = new Uint8Array(0);
  let line = 0;
  const read = (bytes: Uint8Array): string[] => {
    line++;
    const end = bytes.at(-1) === RETURN ? bytes.length - 1 : bytes.length;
    if (end === 0) return [];
    const text = fromUtf8(bytes.subarray(0, end));
    const key = line === 1 && text?.startsWith(MARK) ? text.slice(MARK.length) : text;
    if (key !== undefined) return key === '' ? [] : [key];
    throw new DvsError('E_DATA', `${name}, line ${line}: is no UTF-8`, {
      about: [name],
      hint: 'Save it as UTF-8.',
    });
  };
  for await (const piece of pieces) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const keys: string[] = [];
    let start = 0;
    for (let end = bytes.indexOf(FEED); end >= 0; end = bytes.indexOf(FEED, start)) {
      keys.push(...read(bytes.subarray(start, end)));
      start = end + 1;
    }
    rest = bytes.slice(start);
    if (rest.length > MOST_BYTES) {
      throw new DvsError('E_DATA', `${name}, line ${line + 1}: is longer than any key`, {
        about: [name],
        hint: 'A list has one key a line.',
      });
    }
    if (keys.length > 0) yield keys;
  }
  if (rest.length > 0) yield read(rest);
}
