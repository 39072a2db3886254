import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dvsOk } from '../dvs.js';
import { following } from './following.js';
import { readJournal } from './journal.js';

/** How often a command waited for the disk, and for what. */
export interface Syncs {
  /** Packs, each synced once when it is complete. */
  readonly packs: number;
  /** Everything else: paths in the workspace, in the order in which they were synced. */
  readonly others: readonly string[];
}

/** Runs `dvs` in a workspace and counts its fsyncs. */
export async function countSyncs(workspace: string, args: readonly string[]): Promise<Syncs> {
  const root = realpathSync(workspace);
  const folder = mkdtempSync(join(tmpdir(), 'dvs-syncs-'));
  try {
    const journal = join(folder, 'journal');
    await dvsOk(root, args, following({ root, journal }));
    const paths = readJournal(journal).flatMap((entry) => (entry.op === 'synced' ? [entry.path] : []));
    const others = paths.filter((path) => !path.endsWith('.pack'));
    return { packs: paths.length - others.length, others: others.map((path) => path.slice(root.length + 1)) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
