import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json, jsonl }) => {
  await scratch.addData();
  const parts = ['--parts', 'a=1,b=1', '--seed', '42'];
  await json('split', 'data', ...parts, '--name', 'halves');
  await jsonl('split', 'halves/a', '--folds', '2', '--seed', '42');
  scratch.write('data/train/2.txt', 'two\n');
  await scratch.ok('add', 'data');
  await json('split', '--like', 'halves', 'data');
};
