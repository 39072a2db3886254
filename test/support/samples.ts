import { concatBytes } from '#src/base/bytes.js';
import { type ListedSample, listSamples } from '#src/flows/list-samples.js';
import { readSample } from '#src/flows/read-sample.js';
import type { Repository } from '#src/flows/repository.js';
import type { CID } from '#src/id/cid.js';
import type { StoreWriter } from '#src/store/writer.js';
import { all, leftovers, problems } from './repository.js';

/** A table of `count` rows: id, text, label, group, day. Equal calls make equal tables. */
export function table(count: number, from = 0): string {
  const rows = Array.from({ length: count }, (_, i) => {
    const id = from + i;
    return `k${id},"text, ${id}",${'abc'[id % 3]},g${id % 7},2026-01-${String(1 + (id % 28)).padStart(2, '0')}T00:00:00Z`;
  });
  return `id,text,label,group,day\n${rows.map((row) => `${row}\n`).join('')}`;
}

/** What `dvs ls` lists of samples or of a part. */
export async function listed(repo: Repository, reference: string): Promise<ListedSample[]> {
  const found = await listSamples(repo, reference);
  if (found === undefined || !('samples' in found)) throw new Error(`${reference} lists no samples`);
  return all(found.samples);
}

/** What `dvs ls` lists of a split: `name=count` of each part. */
export async function parts(repo: Repository, reference: string): Promise<string[]> {
  const found = await listSamples(repo, reference);
  if (found === undefined || !('parts' in found)) throw new Error(`${reference} lists no parts`);
  return found.parts.map(({ part, count }) => `${part}=${count}`);
}

export async function numbers(repo: Repository, reference: string): Promise<number[]> {
  return (await listed(repo, reference)).map(({ number }) => number);
}

export async function keys(repo: Repository, reference: string): Promise<string[]> {
  return (await listed(repo, reference)).map(({ key }) => key);
}

/** What `dvs cat --sample` prints. */
export async function printed(repo: Repository, reference: string, sample: string | number): Promise<string> {
  const pieces = await all(readSample(repo, reference, String(sample)));
  return Buffer.from(concatBytes(pieces)).toString('utf8');
}

/** How much there is: of the log, and what was left behind; to be the same after what failed. */
export async function state(repo: Repository): Promise<unknown> {
  const { seq } = repo.store.head;
  return { seq, leftovers: leftovers(repo.workspace.root), problems: await problems(repo) };
}

/** Commits an entity that was written by hand, as a stranger could. */
export async function publish(
  repo: Repository,
  make: (writer: StoreWriter) => Promise<{ id: CID; bytes: Uint8Array }>,
): Promise<CID> {
  const writer = await repo.write();
  try {
    const { id, bytes } = await make(writer);
    await writer.addNode(id, bytes);
    await writer.commit([], async () => ({
      time: '2026-01-01T00:00:00.000Z',
      by: 'mallory',
      names: [],
      publishes: [id],
    }));
    await repo.store.refresh();
    return id;
  } finally {
    await writer.close();
  }
}
