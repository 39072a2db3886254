import { symlinkSync } from 'node:fs';
import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json, jsonl }) => {
  scratch.write('data/train/0.txt', 'zero');
  symlinkSync('train', scratch.path('data/link'));
  await scratch.ok('init');
  await scratch.ok('add', 'data');
  await json('ls');
  await json('ls', 'data');
  await json('ls', 'data', '--folders');
  await jsonl('ls', 'data');
  await jsonl('ls');
  await scratch.ok('split', 'data', '--parts', 'a=1,b=1', '--seed', '42', '--name', 'halves');
  await json('ls', 'halves');
  await jsonl('ls', 'halves');
  await json('ls', 'halves/a');
  const { id } = await scratch.json('samples', 'data', '--label', 'parent');
  await jsonl('ls', id);
};
