import { asBuffer } from '../../../../base/bytes.js';
import { KiB, MiB } from '../../../../base/limits.js';
import { badData } from '../../../../formats/bad-data.js';
import type { InputFile, Place, Selection } from '../../reader.js';
import { CR, MAX_ROW } from './rows.js';
import { MARK, type RowRules, scanRows } from './scan.js';

/** What lies between two rows is read and thrown away up to here: less than what another read costs. */
const GAP = 16 * KiB;
const RUN_BYTES = MiB;
const RUN_ROWS = 8192;

const FEED = Buffer.from('\n');
const RETURN_FEED = Buffer.from('\r\n');

/**
 * The byte order mark if the file has one (Excel goes by it), the header and then these rows, all as they are written, with
 * line endings as after the first row of the file.
 */
export async function* extractRows(
  file: InputFile,
  rules: RowRules,
  selection: Selection,
): AsyncGenerator<Uint8Array> {
  const head = await headOf(file, rules);
  const isMarked = MARK.equals(await file.bytes.range(0, MARK.length));
  if (isMarked) yield MARK;
  if (head.header !== undefined) yield Buffer.concat([head.header, head.ending]);
  let isFirst = head.header === undefined && !isMarked;
  for await (const run of runsOf(selection.places())) {
    const rows = await readRun(file, run);
    // At the beginning of a file such bytes would be taken for its mark, and not for the row.
    if (isFirst && rows[0]?.subarray(0, MARK.length).equals(MARK)) yield MARK;
    isFirst = false;
    // With a line feed alone, a carriage return that a row ends with would be lost to its ending.
    yield Buffer.concat(rows.flatMap((row) => [row, row.at(-1) === CR ? RETURN_FEED : head.ending]));
  }
}

interface Head {
  readonly header: Buffer | undefined;
  readonly ending: Buffer;
}

async function headOf(file: InputFile, rules: RowRules): Promise<Head> {
  for await (const rows of scanRows(file, rules)) {
    return {
      header: rules.hasHeader ? Buffer.from(rows.bytes(0)) : undefined,
      ending: rows.endsInReturn(0) ? RETURN_FEED : FEED,
    };
  }
  return { header: undefined, ending: FEED };
}

/** Places that are read at once: neighbours, or nearly. */
async function* runsOf(places: Iterable<Place> | AsyncIterable<Place>): AsyncGenerator<Place[]> {
  let run: Place[] = [];
  let start = 0;
  let end = 0;
  for await (const place of places) {
    const last = place.at + place.length;
    const belongs =
      place.at >= end && place.at - end <= GAP && last - start <= RUN_BYTES && run.length < RUN_ROWS;
    if (!belongs && run.length > 0) {
      yield run;
      run = [];
    }
    if (run.length === 0) start = place.at;
    run.push(place);
    end = last;
  }
  if (run.length > 0) yield run;
}

async function readRun({ path, bytes }: InputFile, run: readonly Place[]): Promise<Buffer[]> {
  const start = run[0]?.at ?? 0;
  const last = run.at(-1);
  const length = last === undefined ? 0 : last.at + last.length - start;
  if (length > MAX_ROW || start + length > bytes.size) {
    throw badData(path, 'has no such rows', { place: `byte ${start}` });
  }
  const all = asBuffer(await bytes.range(start, length));
  if (all.length !== length) throw badData(path, 'has no such rows', { place: `byte ${start}` });
  return run.map((place) => all.subarray(place.at - start, place.at - start + place.length));
}
