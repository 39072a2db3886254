import { list } from '../../src/flows/list.js';
import { log } from '../../src/flows/log.js';
import { listNames } from '../../src/flows/names.js';
import { read } from '../../src/flows/read.js';
import { findTarget } from '../../src/flows/references.js';
import { Repository } from '../../src/flows/repository.js';
import { show } from '../../src/flows/show.js';
import { Sha256 } from '../../src/id/hash.js';
import type { Version } from '../bits/small-store.js';

/** All that `resolve`, `ls`, `cat`, `log` and `show` say of these versions, as text. */
export async function answers(root: string, versions: readonly Version[]): Promise<string[]> {
  const repo = await Repository.open(root, { who: 'faults', clock: () => 0, workers: 1 });
  const given: string[] = [];
  try {
    for (const { reference, id, files } of versions) {
      for (const text of [reference, id, id.slice(0, 20)]) {
        const { id: found, name, version } = await findTarget(repo, text);
        given.push(`${text} is ${String(found)}, ${name} v${version}`);
      }
      for await (const row of list(repo, reference)) given.push(`${reference} has ${JSON.stringify(row)}`);
      for (const path of files.keys()) {
        const hash = new Sha256();
        for await (const bytes of read(repo, `${reference}/${path}`)) hash.update(bytes);
        given.push(`${reference}/${path} is ${Buffer.from(hash.digest()).toString('hex')}`);
      }
      const { names, tags, madeBy, usedBy } = await show(repo, reference);
      given.push(`${reference} shows ${JSON.stringify({ names, tags })} ${madeBy.join()} ${usedBy.join()}`);
    }
    for await (const { seq, name, tag, version, to } of log(repo))
      given.push(`${seq}: ${name} ${tag ?? version} ${String(to)}`);
    for await (const { name, version, id } of listNames(repo))
      given.push(`${name} v${version} ${String(id)}`);
  } finally {
    await repo.close();
  }
  return given;
}
