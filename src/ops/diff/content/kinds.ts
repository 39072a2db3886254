import { Unreadable } from '../../../formats/unreadable.js';
import { bytesKind } from './bytes.js';
import type { ContentDiff } from './content-diff.js';
import { csvKind } from './csv.js';
import { imageKind } from './image.js';
import { jsonlKind } from './jsonl.js';
import type { CompareOptions, ContentKind } from './kind.js';
import { parquetKind } from './parquet.js';
import { headsOf, type Sides } from './side.js';
import { textKind } from './text.js';

/** THE list of kinds of content, tried in this order; the last one takes everything. */
const KINDS: readonly ContentKind<ContentDiff>[] = [
  imageKind,
  parquetKind,
  csvKind,
  jsonlKind,
  textKind,
  bytesKind,
];

/** As much of a beginning as git looks at to tell text from other things. */
const HEAD = 8000;

/** What changed inside the file at `path`. What one kind cannot read, the next tries, and `note` says why. */
export async function compareContents(
  path: string,
  sides: Sides,
  options: CompareOptions,
): Promise<ContentDiff> {
  let note: string | undefined;
  const attempt = async <T>(look: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      note ??= error.message;
      return undefined;
    }
  };
  const heads = await attempt(() => headsOf(sides, HEAD));
  for (const kind of KINDS) {
    if (heads === undefined || !kind.matches(path, heads)) continue;
    const found = await attempt(() => kind.compare(sides, options));
    if (found !== undefined) return note === undefined ? found : { ...found, note };
  }
  const { before, after } = sides;
  return {
    kind: 'bytes',
    before: before.size,
    after: after.size,
    firstDifference: undefined,
    ...(note === undefined ? {} : { note }),
  };
}
