import { symlinkSync } from 'node:fs';
import type { Scratch } from './support.js';

/** A workspace whose folder `data` differs from what is recorded in every way there is. */
export async function withChanges(scratch: Scratch): Promise<void> {
  await scratch.ok('init');
  for (const name of ['kept', 'gone', 'moved', 'replaced']) scratch.write(`data/train/${name}`, name);
  symlinkSync('kept', scratch.path('data/train/link'));
  await scratch.ok('add', 'data');
  scratch.write('data/train/new', 'new');
  scratch.write('data/train/kept', 'changed');
  scratch.write('data/train/renamed', 'moved');
  for (const name of ['gone', 'moved', 'link', 'replaced']) scratch.remove(`data/train/${name}`);
  symlinkSync('kept', scratch.path('data/train/replaced'));
}
