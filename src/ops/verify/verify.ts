import { hex } from '../../base/bytes.js';
import type { Progress } from '../../base/progress.js';
import type { Scratch } from '../../base/scratch.js';
import { checkFormat } from '../../store/format.js';
import { logKey } from '../../store/log/entry.js';
import { LOG_START } from '../../store/log/log.js';
import type { Store } from '../../store/store.js';
import { GraphCheck, type Root, type Seen } from './graph.js';
import { verifyPacks } from './packs.js';
import { addProblem, emptyReport, type VerifyReport } from './report.js';

/** Reads and hashes everything that `root` leads to; `seen` is told of entities but datasets. */
export async function verifyFrom(
  store: Store,
  root: Root,
  scratch: Scratch,
  progress: Progress,
  seen: Seen = () => {},
): Promise<VerifyReport> {
  const report = emptyReport(scratch);
  await new GraphCheck(store, report, { progress, seen }).run([root]);
  return report;
}

/**
 * Reads and hashes the whole store: its format, the chain of the log, every pack, then every version of every
 * name and every published entity, following all links.
 */
export async function verifyAll(
  store: Store,
  scratch: Scratch,
  progress: Progress,
  seen: Seen = () => {},
): Promise<VerifyReport> {
  const report = emptyReport(scratch);
  try {
    await checkFormat(store.backend);
  } catch (error) {
    addProblem(report, error, 'format');
  }
  const known = await store.catalogue.knownHead();
  const { packs, roots } = await readLog(store, report, known.seq);
  const damage = await verifyPacks(store, packs, report, progress);
  // Counted there already: what follows looks at how things hang together.
  await new GraphCheck(store, { ...report, objects: 0, bytes: 0 }, { progress, seen, damage }).run(roots);
  return report;
}

async function readLog(
  store: Store,
  report: VerifyReport,
  knownHead: number,
): Promise<{ packs: Set<string>; roots: Root[] }> {
  const packs = new Set<string>();
  const roots: Root[] = [];
  const versions = new Map<string, number>();
  let reached = 0;
  try {
    for await (const entry of store.log.after(LOG_START)) {
      reached = entry.seq;
      for (const pack of entry.packs) packs.add(hex(pack));
      for (const { name, tag, from, to } of entry.names) {
        if (to === null) continue;
        const version = (versions.get(name) ?? 0) + 1;
        if (tag === undefined) versions.set(name, version);
        roots.push({ id: to, label: tag === undefined ? `${name}:v${version}` : `${name}:${tag}`, from });
      }
      for (const id of entry.publishes) roots.push({ id, label: `commit ${entry.seq}` });
    }
  } catch (error) {
    addProblem(report, error, logKey(reached + 1));
  }
  await lookBeyond(store, { reached, knownHead }, report);
  return { packs, roots };
}

/** A hole in the log hides what comes after it; later slots, or a head that the catalogue remembers, betray it. */
async function lookBeyond(
  store: Store,
  { reached, knownHead }: { readonly reached: number; readonly knownHead: number },
  report: VerifyReport,
): Promise<void> {
  const path = logKey(reached + 1);
  for (const problem of report.damaged) if (problem.path === path) return;
  let last = knownHead;
  for await (const { key } of store.backend.list('log/'))
    last = Math.max(last, Number(key.slice('log/'.length)));
  if (last <= reached) return;
  const why = `the log has had entry ${last}, and entry ${reached + 1} is gone`;
  report.missing.add({ path, pack: undefined, id: undefined, why });
}
