import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { chunksOf } from '../../src/chunk/chunks.js';
import { add } from '../../src/flows/add.js';
import { Repository } from '../../src/flows/repository.js';
import { tag } from '../../src/flows/tag.js';
import { Random } from '../random.js';

/** What a version of a name holds: path → bytes. */
export type Files = ReadonlyMap<string, Buffer>;

export interface Version {
  /** Such as `plain:v1`. */
  readonly reference: string;
  readonly id: string;
  readonly files: Files;
}

/**
 * A workspace in the folder `root` whose store is small and yet has one of everything: packs of plain and of
 * compressed frames, contents of none, one and several chunks, recipes, trees of several files, several
 * commits, versions and a tag.
 */
export async function makeSmallStore(root: string): Promise<Version[]> {
  const clock = () => Date.UTC(2026, 0, 2);
  const repo = await Repository.init(root, { who: 'faults', clock, workers: 1 });
  const made: Version[] = [];
  const record = async (reference: string, folder: string, files: Files) => {
    rmSync(join(root, folder), { recursive: true, force: true });
    for (const [path, bytes] of files) {
      mkdirSync(dirname(join(root, folder, path)), { recursive: true });
      writeFileSync(join(root, folder, path), bytes);
    }
    const { versions } = await add(repo, { paths: [folder], message: reference });
    for (const { id } of versions) made.push({ reference, id: id.toString(), files });
  };
  try {
    const noise = ofChunks(2, (seed) => new Random(seed).bytes(24_000));
    const small = new Map([
      ['empty', Buffer.alloc(0)],
      ['deep/er/one.txt', Buffer.from('one\n')],
      ['two.txt', Buffer.from('two\n')],
    ]);
    await record('plain:v1', 'plain', new Map([['noise.bin', noise], ...small]));
    await record('lines:v1', 'lines', new Map([['rows.jsonl', ofChunks(2, lines)], ...small]));
    const changed = Buffer.concat([noise.subarray(0, 23_000), Buffer.from('and another end')]);
    await record('plain:v2', 'plain', new Map([['noise.bin', changed], ...small]));
    await record(
      'whole:v1',
      'whole',
      new Map([['whole.bin', ofChunks(1, (seed) => new Random(seed).bytes(20_000))]]),
    );
    await tag(repo, 'plain:v1', 'best');
  } finally {
    await repo.close();
  }
  return made;
}

/** Chunks are long, and files here are not: the first seed whose bytes are cut as often as that, all the same. */
function ofChunks(chunks: number, make: (seed: number) => Buffer): Buffer {
  for (let seed = 1; seed < 10_000; seed++) {
    const bytes = make(seed);
    if (chunksOf(bytes).length === chunks) return bytes;
  }
  throw new Error(`nothing is cut into ${chunks}`);
}

function lines(seed: number): Buffer {
  const random = new Random(seed);
  const rows = Array.from(
    { length: 2_000 },
    () => `{"label": ${random.int(10)}, "x": ${random.int(1_000_000)}}\n`,
  );
  return Buffer.from(rows.join(''));
}
