import pLimit from 'p-limit';
import { hex } from '../../base/bytes.js';
import { isDvsError } from '../../base/errors.js';
import type { Progress } from '../../base/progress.js';
import type { Digest } from '../../id/hash.js';
import { DigestSet } from '../../store/digest-set.js';
import { assertObject } from '../../store/objects/check.js';
import type { Entry } from '../../store/pack/layout.js';
import { atPack, checkHeader, packKey, readFooter, readFrame } from '../../store/pack/reader.js';
import type { Store } from '../../store/store.js';
import { addProblem, type VerifyReport } from './report.js';

/** Frames read ahead of the one that is hashed. */
const READ_AHEAD = 8;

/** What was found bad when all packs were read. */
export interface Damage {
  readonly objects: DigestSet;
  /** Those of which nothing can be read. */
  readonly packs: Set<string>;
}

/**
 * Reads every byte of every pack that the log names: header and footer against the pack's name, frames
 * against their checksums, objects against their IDs. Packs that no commit names are nobody's and not read.
 */
export async function verifyPacks(
  store: Store,
  packs: Iterable<string>,
  report: VerifyReport,
  progress: Progress,
): Promise<Damage> {
  const damage: Damage = { objects: new DigestSet(), packs: new Set() };
  for (const name of packs) {
    const found = (error: unknown, id: Digest): void => {
      addProblem(report, error, packKey(name), hex(id));
      damage.objects.add(id);
    };
    try {
      await verifyPack(store, name, { report, progress, found });
    } catch (error) {
      addProblem(report, error, packKey(name));
      damage.packs.add(name);
    }
  }
  return damage;
}

/** Where it is told what was read. */
interface Told {
  readonly report: VerifyReport;
  readonly progress: Progress;
  /** The object is not intact. */
  found(error: unknown, id: Digest): void;
}

async function verifyPack(store: Store, name: string, told: Told): Promise<void> {
  const { report, progress, found } = told;
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
        for (const entry of byFrame.get(number) ?? []) await verifyEntry(name, entry, real, told);
      } catch (error) {
        if (!isDvsError(error)) throw error;
        for (const { id } of byFrame.get(number) ?? []) found(error, id);
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
  { report, found }: Told,
): Promise<void> {
  const bytes = real.subarray(entry.offset, entry.offset + entry.length);
  try {
    await atPack(pack, () => assertObject(entry.kind, entry.id, bytes));
    report.objects++;
    report.bytes += bytes.length;
  } catch (error) {
    found(error, entry.id);
  }
}
