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
};
