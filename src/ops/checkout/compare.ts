import { compareUtf8 } from '../../base/bytes.js';
import type { DatasetEntry } from '../../entities/dataset.js';
import type { FileStat } from '../../workspace/file-stat.js';

/** A file or link that is there now. */
export interface Present {
  readonly path: string;
  readonly entry: DatasetEntry;
  readonly stat: FileStat | undefined;
  /** A .dvsignore keeps it out of versions. */
  readonly isIgnored?: boolean;
}

/** An entry that should be there. */
export interface Wanted {
  readonly path: string;
  readonly entry: DatasetEntry;
}

/** A path with what is there and what should be; one of the two may be missing. */
export interface Compared {
  readonly path: string;
  readonly found: Present | undefined;
  readonly wanted: DatasetEntry | undefined;
}

/** Puts what is there beside what should be; both come in byte order, and so does the result. */
export async function* compared(
  present: AsyncIterable<Present>,
  wanted: AsyncIterable<Wanted>,
): AsyncGenerator<Compared> {
  const wants = wanted[Symbol.asyncIterator]();
  let want = await nextOf(wants);
  for await (const found of present) {
    for (; want !== undefined && compareUtf8(want.path, found.path) < 0; want = await nextOf(wants)) {
      yield { path: want.path, found: undefined, wanted: want.entry };
    }
    if (want?.path === found.path) {
      yield { path: found.path, found, wanted: want.entry };
      want = await nextOf(wants);
    } else yield { path: found.path, found, wanted: undefined };
  }
  for (; want !== undefined; want = await nextOf(wants)) {
    yield { path: want.path, found: undefined, wanted: want.entry };
  }
}

async function nextOf<T>(iterator: AsyncIterator<T>): Promise<T | undefined> {
  const step = await iterator.next();
  return step.done === true ? undefined : step.value;
}
