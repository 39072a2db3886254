import { symlinkSync } from 'node:fs';
import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json, jsonl }) => {
  await scratch.addData();
  await scratch.ok('tag', 'data:v1', 'prod');
  const { madeBy } = await json('show', 'data:v1');
  await json('show', ...madeBy);
  await jsonl('show', 'data:v1/train/0.txt');
  await json('show', 'data:v1/train', '--width', '1');
  symlinkSync('train', scratch.path('data/link'));
  await scratch.ok('add', 'data');
  await json('show', 'data:v2');
  await scratch.ok('samples', 'data', '--label', 'parent', '--name', 'labelled');
  await json('show', 'labelled');
  await scratch.ok('split', 'labelled', '--parts', 'a=1,b=1', '--seed', '42', '--name', 'halves');
  const { parts } = await json('show', 'halves');
  await json('show', 'halves/a');
  await json('show', parts[0].members);
  await scratch.ok('split', 'data', '--parts', 'all=1', '--seed', '42', '--name', 'unlabelled');
  await scratch.ok('split', 'unlabelled/all', '--folds', '2', '--seed', '42', '--name', 'folds');
  await jsonl('show', 'folds');
  await scratch.ok('shuffle', 'labelled', '--seed', '42', '--name', 'order');
  await json('show', 'order');
  await scratch.ok('shuffle', 'halves/a', '--seed', '42', '--name', 'order');
  await json('show', 'order');
};
