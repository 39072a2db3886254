import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type ComparedContent, compareContents } from '#src/flows/contents.js';
import { diff } from '#src/flows/diff.js';
import type { Repository } from '#src/flows/repository.js';
import { lines } from '../support/bytes.js';
import { addPath, openRepository, write } from '../support/repository.js';

/** Several chunks long. */
const CHUNKED = Buffer.concat([lines(300_000), Buffer.from('\n')]);

async function open(): Promise<{ repo: Repository; root: string }> {
  const { repo, root } = await openRepository();
  write(root, { 'data/a.csv': 'id,v\n1,x\n', 'data/big.txt': CHUNKED });
  await addPath(repo, 'data');
  write(root, {
    'data/a.csv': 'id,v\n1,y\n',
    'data/big.txt': Buffer.concat([CHUNKED, Buffer.from('end\n')]),
  });
  return { repo, root };
}

/** What is told of each file; its lists are read at once, for they go when the next file is asked for. */
async function said(contents: AsyncIterable<ComparedContent>): Promise<string[]> {
  const told: string[] = [];
  for await (const { path, content } of contents) {
    if (content?.kind === 'rows') {
      const cells = [...content.rows].flatMap((row) => row.cells);
      told.push(`${path}: ${cells.map(({ column, before, after }) => `${column} ${before} → ${after}`)}`);
    } else if (content?.kind === 'lines') {
      const changed = [...content.lines].filter(({ op }) => op !== ' ');
      told.push(`${path}: ${changed.map(({ op, text }) => op + text)}`);
    } else told.push(`${path}: ${content?.kind ?? 'nothing'}`);
  }
  return told;
}

const CHANGES = ['a.csv: v x → y', 'big.txt: +end'];

test('of files on disk, and of the same files once they are a version', async () => {
  const { repo } = await open();
  const [onDisk] = await diff(repo, { references: [] });
  expect(onDisk && (await said(compareContents(repo, onDisk, { key: ['id'] })))).toEqual(CHANGES);
  await addPath(repo, 'data');
  const [versions] = await diff(repo, { references: ['data:v1', 'data:v2'] });
  expect(versions && (await said(compareContents(repo, versions, { key: ['id'] })))).toEqual(CHANGES);
});

test('of a file that has changed once more nothing is said', async () => {
  const { repo, root } = await open();
  const [found] = await diff(repo, { references: [] });
  writeFileSync(join(root, 'data/a.csv'), 'another length\n');
  expect(found && (await said(compareContents(repo, found)))).toEqual(['a.csv: nothing', CHANGES[1]]);
});
