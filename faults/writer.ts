/**
 * A process that does nothing but write: changes a dataset, adds it, says so, and again.
 *
 *   node writer.js <workspace> <path> <name> <seed> <versions>
 *
 * Each line it prints is one acknowledged version; see `Acknowledged` in `writers.ts`.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { add } from '../src/flows/add.js';
import { Repository } from '../src/flows/repository.js';
import { Dataset } from './dataset.js';
import { filesIn } from './files.js';
import { Random } from './random.js';

const [root = '', path = '', name = '', seed = '', versions = ''] = process.argv.slice(2);

const folder = join(root, path);
// What a power cut left there is nothing to build on.
rmSync(folder, { recursive: true, force: true });
const dataset = new Dataset(folder, new Random(Number(seed)));
const repo = await Repository.open(root, { who: `writer ${seed}`, clock: Date.now, workers: 1 });
for (let n = 0; n < Number(versions); n++) {
  dataset.change();
  const files = [...filesIn(folder)];
  const added = await add(repo, { paths: [path], name });
  for (const { id } of added.versions) {
    process.stdout.write(`${JSON.stringify({ name, id: id.toString(), files })}\n`);
  }
}
await repo.close();
