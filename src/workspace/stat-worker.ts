import { lstatSync, readlinkSync } from 'node:fs';
import { equalBytes } from '../base/bytes.js';
import { sha256 } from '../id/hash.js';
import { serve } from '../workers/serve.js';
import { EntryView } from './stat-format.js';
import type { StatTasks } from './stat-tasks.js';

const LOOK = { bigint: true, throwIfNoEntry: false } as const;

function isSame(absolute: string, entry: EntryView): boolean {
  const found = lstatSync(absolute, LOOK);
  if (found === undefined) return false;
  if (entry.isFile) return found.isFile() && entry.hasStat(found);
  return found.isSymbolicLink() && equalBytes(sha256(readlinkSync(absolute, 'buffer')), entry.digest);
}

serve<StatTasks>({
  areSame({ root, entries }) {
    const bytes = Buffer.from(entries.buffer, entries.byteOffset, entries.length);
    for (let at = 0; at < bytes.length; ) {
      const entry = new EntryView(bytes, at);
      if (!isSame(`${root}/${entry.path}`, entry)) return false;
      at = entry.end;
    }
    return true;
  },
});
