import pLimit from 'p-limit';
import { hex } from '../../base/bytes.js';
import { isDvsError } from '../../base/errors.js';
import type { Progress } from '../../base/progress.js';
import { assertObject } from '../../store/objects/check.js';
import type { Entry } from '../../store/pack/layout.js';
import { atPack, checkHeader, packKey, readFooter, readFrame } from '../../store/pack/reader.js';
import type { Store } from '../../store/store.js';
import { addProblem, type VerifyReport } from './report.js';

/** Frames read ahead of the one that is hashed. */
const READ_AHEAD = 8;

/**
 * Reads every byte of every pack that the log names: header and footer against the pack's name, frames
 * against their checksums, objects against their IDs. Packs that no commit names are nobody's and not read.
 */
export async function verifyPacks(
  store: Store,
  packs: Iterable<string>,
  report: VerifyReport,
  progress: Progress,
): Promise<void> {
  for (const name of packs) {
    try {
      await verifyPack(store, name, report, progress);
    } catch (error) {
      addProblem(report, error, packKey(name));
    }
  }
}

async function verifyPack(
  store: Store,
  name: string,
  report: VerifyReport,
  progress: Progress,
): Promise<void> {
  const { backend } = store;
  const footer = await readFooter(backend, name);
  await checkHeader(backend, name, footer);
  const byFrame = new Map<number, Entry[]>();
  for (const entry of footer.entries) {
    const entries = byFrame.get(entry.frame);
    if (entries === undefined) byFrame.set(entry.frame, [entry]);
    else entries.push(entry);
  }
  const limit = pLimit(READ_AHEAD);
  const frames = footer.frames.map((frame, number) =>
    limit(async () => {
      try {
        const real = await readFrame(backend, name, frame);
        for (const entry of byFrame.get(number) ?? []) await verifyEntry(name, entry, real, report);
      } catch (error) {
        if (!isDvsError(error)) throw error;
        for (const { id } of byFrame.get(number) ?? []) addProblem(report, error, packKey(name), hex(id));
      }
      progress({ phase: 'checking', bytes: report.bytes, items: report.objects });
    }),
  );
  await Promise.all(frames);
}

async function verifyEntry(
  pack: string,
  entry: Entry,
  real: Uint8Array,
  report: VerifyReport,
): Promise<void> {
  const bytes = real.subarray(entry.offset, entry.offset + entry.length);
  try {
    await atPack(pack, () => assertObject(entry.kind, entry.id, bytes));
    report.objects++;
    report.bytes += bytes.length;
  } catch (error) {
    addProblem(report, error, packKey(pack), hex(entry.id));
  }
}
